//! A cache that is a value and not a function's: the same store under verbs that take keys.

use std::fmt;
use std::sync::Arc;

use crate::info::{CacheInfo, Count};
use crate::key::{ByKey, KeyOf};
use crate::store::Store;
use crate::tags::Tag;

mod builder;
mod detached;
mod key;
mod load;

pub use builder::CacheBuilder;
pub use detached::Detached;
pub use key::IntoKey;

#[doc = include_str!("direct.md")]
pub struct Cache<K: 'static, V: 'static> {
    store: Arc<Store<K, V>>,
}

/// Looking.
impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Cache<K, V> {
    /// A cache to be made, without a bound or an age as long as nothing else is said.
    ///
    /// ```
    /// use cached_core::{Cache, PolicyKind};
    /// use std::time::Duration;
    ///
    /// let prices: Cache<u32, String> = Cache::builder()
    ///     .name("prices")
    ///     .max(10_000)
    ///     .policy(PolicyKind::Lru)
    ///     .ttl(Duration::from_secs(60))
    ///     .build();
    /// assert_eq!(prices.info().max, Some(10_000));
    /// ```
    pub fn builder() -> CacheBuilder<K, V> {
        CacheBuilder::new()
    }

    /// The value of a key, if a fresh one is there. Counted as a hit or a miss, and a use.
    ///
    /// Takes what the key can be borrowed as, and whatever is [`Equivalent`](crate::Equivalent) to it. A load that is running is not waited
    /// for. The cost is that of a hit: a clone of the value, no lock, no allocation.
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let cache: Cache<String, u32> = Cache::default();
    /// cache.insert("one", 1);
    /// assert_eq!(cache.get("one"), Some(1));
    /// assert_eq!(cache.get("two"), None);
    /// ```
    #[inline]
    pub fn get<Q: ?Sized + KeyOf<K>>(&self, key: &Q) -> Option<V>
    where
        V: Clone,
    {
        self.with(key, V::clone)
    }

    /// What `read` makes of the value of a key, if a fresh one is there: [`get`](Cache::get) without the clone.
    ///
    /// Nothing is locked while `read` runs; it may call anything, and even take out what it reads. But as long as it runs, no value that
    /// was removed from any cache is dropped: not the place to wait.
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let pages: Cache<u32, String> = Cache::default();
    /// pages.insert(1, "a long text".repeat(1000));
    /// assert_eq!(pages.with(&1, |page| page.len()), Some(11_000));
    /// ```
    #[inline]
    pub fn with<Q, R>(&self, key: &Q, read: impl FnOnce(&V) -> R) -> Option<R>
    where
        Q: ?Sized + KeyOf<K>,
    {
        let key = ByKey(key);
        let found = self.store.read(self.store.hash(&key), &key, read);
        if found.is_none() {
            self.store.count(Count::Misses, 1);
        }
        found
    }

    /// The value of a key, if a fresh one is there. Neither counted nor a use.
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let cache: Cache<u32, u32> = Cache::default();
    /// cache.insert(1, 10);
    /// assert_eq!(cache.peek(&1), Some(10));
    /// assert_eq!(cache.info().hits, 0);
    /// ```
    pub fn peek<Q: ?Sized + KeyOf<K>>(&self, key: &Q) -> Option<V>
    where
        V: Clone,
    {
        self.store.peek(&ByKey(key))
    }

    /// Whether a fresh value of a key is there. Neither counted nor a use.
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let cache: Cache<u32, u32> = Cache::default();
    /// cache.insert(1, 10);
    /// assert!(cache.contains(&1) && !cache.contains(&2));
    /// ```
    pub fn contains<Q: ?Sized + KeyOf<K>>(&self, key: &Q) -> bool {
        self.store.contains(&ByKey(key))
    }

    /// Shows every fresh entry, in no order. Neither counted nor a use.
    ///
    /// O(n), with no lock held while `show` runs. Entries that come or go meanwhile may be shown or not, each at most once as long as
    /// it is not replaced.
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let cache: Cache<u32, u32> = Cache::default();
    /// cache.insert(1, 10);
    /// cache.insert(2, 20);
    /// let mut sum = 0;
    /// cache.for_each(|_, value| sum += value);
    /// assert_eq!(sum, 30);
    /// ```
    pub fn for_each(&self, show: impl FnMut(&K, &V)) {
        self.store.for_each(show);
    }

    /// Clones of all fresh entries, in no order: [`for_each`](Cache::for_each), gathered.
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let cache: Cache<u32, &str> = Cache::default();
    /// cache.insert(1, "one");
    /// assert_eq!(cache.entries(), [(1, "one")]);
    /// ```
    pub fn entries(&self) -> Vec<(K, V)>
    where
        K: Clone,
        V: Clone,
    {
        let mut entries = Vec::new();
        self.for_each(|key, value| entries.push((key.clone(), value.clone())));
        entries
    }

    #[cfg(test)]
    pub(crate) fn store(&self) -> &Arc<Store<K, V>> {
        &self.store
    }

    /// The name in reports.
    pub fn name(&self) -> &'static str {
        self.store.name()
    }

    /// Counters and size, now. Of what has expired by now most is cleared away first: see [`CacheInfo::len`].
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let cache: Cache<u32, u32> = Cache::builder().max(100).build();
    /// cache.get_or_load(1, || 10);
    /// cache.get_or_load(1, || unreachable!());
    /// let info = cache.info();
    /// assert_eq!((info.hits, info.misses, info.len, info.max), (1, 1, 1, Some(100)));
    /// ```
    pub fn info(&self) -> CacheInfo {
        self.store.cache_info()
    }

    /// [`info`](Cache::info) by the name that it has on a function's companion.
    pub fn cache_info(&self) -> CacheInfo {
        self.info()
    }

    /// Sets the counters to zero. Entries stay.
    pub fn reset_info(&self) {
        self.store.reset_info();
    }
}

/// Changing.
impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Cache<K, V> {
    /// Puts a value in the place of what is there, or of what a running load will bring.
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let cache: Cache<String, u32> = Cache::default();
    /// cache.insert("one", 1); // a borrowed key
    /// cache.insert("one".to_owned(), 2); // or an owned one
    /// assert_eq!(cache.get("one"), Some(2));
    /// ```
    pub fn insert<By>(&self, key: impl IntoKey<K, By>, value: V)
    where
        K: Clone,
    {
        self.store.insert(&key.into_args(), value);
    }

    /// Forgets one entry; whether there was a fresh one. A load of this key that is running does not store what it
    /// brings, and nobody who calls from now on gets it.
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let cache: Cache<String, u32> = Cache::default();
    /// cache.insert("one", 1);
    /// assert!(cache.invalidate("one"));
    /// assert!(!cache.invalidate("one"));
    /// ```
    pub fn invalidate<Q: ?Sized + KeyOf<K>>(&self, key: &Q) -> bool {
        self.store.invalidate(&ByKey(key))
    }

    /// Forgets the entries for which `matches` says so; how many there were. Loads that are running do not store what
    /// they bring, as nobody can tell yet whether it would match.
    ///
    /// Looks at every entry: O(n), with no lock held while `matches` runs.
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let cache: Cache<u32, u32> = Cache::default();
    /// (0..10).for_each(|n| cache.insert(n, n * n));
    /// assert_eq!(cache.invalidate_if(|_, square| *square > 40), 3);
    /// ```
    pub fn invalidate_if(&self, matches: impl FnMut(&K, &V) -> bool) -> usize {
        self.store.invalidate_if(matches)
    }

    /// Forgets the entries of this cache that have this tag; how many there were. See
    /// [`registry::invalidate_tag`](crate::registry::invalidate_tag), which does so in all caches.
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let files: Cache<String, u32> =
    ///     Cache::builder().tags(|path: &String| path.split('/').next().map(str::to_owned)).build();
    /// files.insert("src/lib.rs", 120);
    /// files.insert("src/main.rs", 8);
    /// files.insert("tests/all.rs", 40);
    /// assert_eq!(files.invalidate_tag("src"), 2);
    /// assert_eq!(files.info().len, 1);
    /// ```
    pub fn invalidate_tag(&self, tag: impl Into<Tag>) -> usize {
        self.store.invalidate_tag(&tag.into())
    }

    /// Forgets everything; the number of fresh entries that were there. Counters stay. Loads that are running give
    /// their value to those who wait for them, but do not store it.
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let cache: Cache<u32, u32> = Cache::default();
    /// cache.insert(1, 10);
    /// assert_eq!(cache.clear(), 1);
    /// assert_eq!(cache.info().len, 0);
    /// ```
    pub fn clear(&self) -> usize {
        self.store.clear()
    }
}

/// The same cache, by another handle.
impl<K: 'static, V: 'static> Clone for Cache<K, V> {
    fn clone(&self) -> Self {
        Self { store: Arc::clone(&self.store) }
    }
}

/// Without a bound or an age.
impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Default for Cache<K, V> {
    fn default() -> Self {
        Self::builder().build()
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> fmt::Debug for Cache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let info = self.info();
        f.debug_struct("Cache")
            .field("name", &info.name)
            .field("policy", &info.policy)
            .field("len", &info.len)
            .field("max", &info.max)
            .finish_non_exhaustive()
    }
}
