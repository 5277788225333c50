//! An entry on its way into a table.

use super::age::Times;
use crate::tags::Held;

/// A key, its value, and what the table must know of them.
pub(crate) struct Entry<K, V> {
    pub(crate) hash: u64,
    pub(crate) key: K,
    pub(crate) value: V,
    pub(crate) times: Times,
    /// At least 1; matters only where weights bound the cache.
    pub(crate) weight: u64,
    /// Its tags, where it has some.
    pub(crate) tags: Option<Box<Held>>,
}
