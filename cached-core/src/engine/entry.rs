//! An entry on its way into a table.

use crate::clock::Time;

/// A key, its value, and what the table must know of them.
pub(crate) struct Entry<K, V> {
    pub(crate) hash: u64,
    pub(crate) key: K,
    pub(crate) value: V,
    pub(crate) deadline: Time,
    /// At least 1; matters only where weights bound the cache.
    pub(crate) weight: u64,
}
