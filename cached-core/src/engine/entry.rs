//! An entry on its way into a table.

use super::age::Times;
use crate::clock::NEVER;
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

impl<K, V> Entry<K, V> {
    /// One of which nothing more is known.
    #[inline]
    pub(crate) const fn plain(hash: u64, key: K, value: V) -> Self {
        Self { hash, key, value, times: Times::until(NEVER), weight: 1, tags: None }
    }
}
