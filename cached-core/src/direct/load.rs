//! The verbs that may run a load.

use std::future::Future;
use std::sync::Arc;

use super::{Cache, IntoKey};
use crate::engine::note;
use crate::engine::table::Quick;
use crate::key::{Args, Made};
use crate::late::LoadTimeout;
use crate::memo::StoreRef;
use crate::outcome::{Outcome, mode};
use crate::reload::{Claim, Found, Look};
use crate::store_async::Here;

/// Loading.
impl<K, V> Cache<K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// The value of a key; where none is there, `load` makes it, and it is kept.
    ///
    /// Concurrent callers of one key share one load. If it panics, so does the caller that ran it, and the others load for
    /// themselves, one after the other. Nothing is locked while it runs, and it may load other keys of this cache.
    ///
    /// # Panics
    /// If `load` asks for its own key, or waits for it in a circle of loads and threads; the message names the circle.
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let lengths: Cache<String, usize> = Cache::default();
    /// assert_eq!(lengths.get_or_load("abc", || 3), 3);
    /// assert_eq!(lengths.get_or_load("abc", || unreachable!()), 3);
    /// ```
    #[inline]
    pub fn get_or_load<By>(&self, key: impl IntoKey<K, By>, load: impl FnOnce() -> V) -> V {
        self.call::<_, V, { mode::PLAIN }>(key.into_args(), load)
    }

    /// The same where the load can fail. An error is returned, and not kept. Those who waited for the load try for themselves, one after
    /// the other; see [`try_get_or_load_shared`](Cache::try_get_or_load_shared) for errors that can be told to all of them.
    ///
    /// # Errors
    /// That of `load`.
    ///
    /// # Panics
    /// As [`get_or_load`](Cache::get_or_load).
    ///
    /// ```
    /// use cached_core::Cache;
    /// use std::num::ParseIntError;
    ///
    /// let numbers: Cache<String, u32> = Cache::default();
    /// let number = |text: &str| numbers.try_get_or_load(text, || text.parse());
    /// assert!(number("no").is_err());
    /// assert!(!numbers.contains("no"));
    /// assert_eq!(number("7")?, 7);
    /// # Ok::<(), ParseIntError>(())
    /// ```
    #[inline]
    pub fn try_get_or_load<E, By>(
        &self,
        key: impl IntoKey<K, By>,
        load: impl FnOnce() -> Result<V, E>,
    ) -> Result<V, E> {
        self.call::<_, Result<V, E>, { mode::RESULT }>(key.into_args(), load)
    }

    /// The same where an error can be told to several callers: a load that fails answers all who waited for it. An error that cannot be
    /// cloned can be put into an [`Arc`].
    ///
    /// # Errors
    /// That of `load`, or of the load that was waited for.
    ///
    /// # Panics
    /// As [`get_or_load`](Cache::get_or_load).
    ///
    /// ```
    /// use cached_core::Cache;
    /// use std::{fs, io, path::PathBuf, sync::Arc};
    ///
    /// let files: Cache<PathBuf, String> = Cache::default();
    /// let path = PathBuf::from("no such file");
    /// let text: Result<String, Arc<io::Error>> =
    ///     files.try_get_or_load_shared(&path, || fs::read_to_string(&path).map_err(Arc::new));
    /// assert_eq!(text.unwrap_err().kind(), io::ErrorKind::NotFound);
    /// ```
    #[inline]
    pub fn try_get_or_load_shared<E, By>(
        &self,
        key: impl IntoKey<K, By>,
        load: impl FnOnce() -> Result<V, E>,
    ) -> Result<V, E>
    where
        E: Clone + Send + Sync + 'static,
    {
        self.call::<_, Result<V, E>, { mode::RESULT_SHARED }>(key.into_args(), load)
    }

    /// Runs `load` now and puts its value in the place of what is there. Others get the old value meanwhile. A load that was running does
    /// not store what it brings.
    ///
    /// # Panics
    /// As [`get_or_load`](Cache::get_or_load).
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let cache: Cache<u32, u32> = Cache::default();
    /// cache.insert(1, 10);
    /// assert_eq!(cache.refresh(1, || 11), 11);
    /// assert_eq!(cache.get(&1), Some(11));
    /// ```
    pub fn refresh<By>(&self, key: impl IntoKey<K, By>, load: impl FnOnce() -> V) -> V {
        self.store.refresh::<_, V, { mode::PLAIN }>(key.into_args(), |_| load())
    }

    /// The same where the load can fail. Then what is there stays.
    ///
    /// # Errors
    /// That of `load`.
    ///
    /// # Panics
    /// As [`get_or_load`](Cache::get_or_load).
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let cache: Cache<u32, u32> = Cache::default();
    /// cache.insert(1, 10);
    /// assert_eq!(cache.try_refresh(1, || Err("no answer")), Err("no answer"));
    /// assert_eq!(cache.get(&1), Some(10));
    /// ```
    pub fn try_refresh<E, By>(
        &self,
        key: impl IntoKey<K, By>,
        load: impl FnOnce() -> Result<V, E>,
    ) -> Result<V, E> {
        self.store.refresh::<_, Result<V, E>, { mode::RESULT }>(key.into_args(), |_| load())
    }

    #[inline(always)]
    fn call<A, R, const MODE: u8>(&self, args: A, load: impl FnOnce() -> R) -> R
    where
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        let store = &*self.store;
        let hash = store.hash(&args);
        match store.hit_quick(note::UNKNOWN, hash, &args) {
            Quick::Found(value) => R::from_kept(value),
            Quick::Missing => store.load(hash, args, |_| load()),
            Quick::Unknown => self.call_slow(hash, args, load),
        }
    }

    #[inline(never)]
    fn call_slow<A, R, const MODE: u8>(&self, hash: u64, args: A, load: impl FnOnce() -> R) -> R
    where
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        let store = &*self.store;
        let found = match store.hit_noted(hash, &args) {
            Quick::Found(value) => Look::Found(value),
            Quick::Missing => Look::Missing,
            Quick::Unknown => store.look(hash, &args),
        };
        match found {
            Look::Found(value) => R::from_kept(value),
            Look::Missing => store.load(hash, args, |_| load()),
            Look::Old(old, ticket) => {
                Claim::new(Arc::clone(&self.store), hash, &args, ticket).here(old, load)
            }
        }
    }
}

/// Loading in tasks. Needs no runtime, and prefers none.
///
/// The caller that began a load drives it, so that the future may borrow and need not be `Send`. If that caller is dropped,
/// one that waits begins anew, with its own `load`; so does one that sees for 20 ms that the load was woken and nobody polls it.
/// A caller's deadline (`timeout(..)` around the call) is its own.
impl<K, V> Cache<K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// [`get_or_load`](Cache::get_or_load) for a load that is a future. It does nothing before it is awaited.
    ///
    /// # Panics
    /// As [`get_or_load`](Cache::get_or_load).
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// async fn fetch(url: &str) -> usize {
    ///     url.len() // imagine a request here
    /// }
    ///
    /// # async fn example() {
    /// let pages: Cache<String, usize> = Cache::default();
    /// let url = "https://example.org";
    /// assert_eq!(pages.get_or_load_async(url, || fetch(url)).await, 19);
    /// # }
    /// # let mut example = std::pin::pin!(example());
    /// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    /// # assert!(std::future::Future::poll(example.as_mut(), &mut context).is_ready());
    /// ```
    pub async fn get_or_load_async<By, F>(&self, key: impl IntoKey<K, By>, load: impl FnOnce() -> F) -> V
    where
        F: Future<Output = V>,
    {
        self.call_async::<_, V, _, { mode::PLAIN }>(key.into_args(), load).await
    }

    /// [`try_get_or_load`](Cache::try_get_or_load) for a load that is a future.
    ///
    /// # Errors
    /// That of `load`.
    ///
    /// # Panics
    /// As [`get_or_load`](Cache::get_or_load).
    ///
    /// ```
    /// # use cached_core::Cache;
    /// # async fn example() {
    /// let cache: Cache<u32, u32> = Cache::default();
    /// let answer = cache.try_get_or_load_async(1, || async { Err("no answer") }).await;
    /// assert_eq!(answer, Err("no answer"));
    /// # }
    /// # let mut example = std::pin::pin!(example());
    /// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    /// # assert!(std::future::Future::poll(example.as_mut(), &mut context).is_ready());
    /// ```
    pub async fn try_get_or_load_async<E, By, F>(
        &self,
        key: impl IntoKey<K, By>,
        load: impl FnOnce() -> F,
    ) -> Result<V, E>
    where
        F: Future<Output = Result<V, E>>,
    {
        self.call_async::<_, Result<V, E>, _, { mode::RESULT }>(key.into_args(), load).await
    }

    /// [`try_get_or_load_shared`](Cache::try_get_or_load_shared) for a load that is a future.
    ///
    /// # Errors
    /// That of `load`, or of the load that was waited for.
    ///
    /// # Panics
    /// As [`get_or_load`](Cache::get_or_load).
    pub async fn try_get_or_load_shared_async<E, By, F>(
        &self,
        key: impl IntoKey<K, By>,
        load: impl FnOnce() -> F,
    ) -> Result<V, E>
    where
        E: Clone + Send + Sync + 'static,
        F: Future<Output = Result<V, E>>,
    {
        self.call_async::<_, Result<V, E>, _, { mode::RESULT_SHARED }>(key.into_args(), load).await
    }

    /// The same for an error that can say that the load took longer than [`load_timeout`](crate::CacheBuilder::load_timeout). It need not be
    /// `Clone`: all who waited for a load that was given up are told so, each by an error of its own.
    ///
    /// # Errors
    /// That of `load`, or one made of a [`LoadTimeout`].
    ///
    /// # Panics
    /// As [`get_or_load`](Cache::get_or_load).
    ///
    /// ```
    /// use cached_core::Cache;
    /// use std::{io, time::Duration};
    ///
    /// # async fn fetch(url: &str) -> io::Result<usize> { Ok(url.len()) }
    /// # async fn example() {
    /// let pages: Cache<String, usize> = Cache::builder().load_timeout(Duration::from_secs(2)).build();
    /// let url = "https://example.org";
    /// let page = pages.try_get_or_load_limited_async(url, || fetch(url)).await;
    /// assert_eq!(page.unwrap(), 19); // or an error of the kind `TimedOut`
    /// # }
    /// # let mut example = std::pin::pin!(example());
    /// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    /// # assert!(std::future::Future::poll(example.as_mut(), &mut context).is_ready());
    /// ```
    pub async fn try_get_or_load_limited_async<E, By, F>(
        &self,
        key: impl IntoKey<K, By>,
        load: impl FnOnce() -> F,
    ) -> Result<V, E>
    where
        E: From<LoadTimeout>,
        F: Future<Output = Result<V, E>>,
    {
        self.call_async::<_, Result<V, E>, _, { mode::RESULT_LATE }>(key.into_args(), load).await
    }

    /// [`refresh`](Cache::refresh) for a load that is a future.
    ///
    /// # Panics
    /// As [`get_or_load`](Cache::get_or_load).
    pub async fn refresh_async<By, F>(&self, key: impl IntoKey<K, By>, load: impl FnOnce() -> F) -> V
    where
        F: Future<Output = V>,
    {
        self.renew_async::<_, V, _, { mode::PLAIN }>(key.into_args(), load).await
    }

    /// [`try_refresh`](Cache::try_refresh) for a load that is a future.
    ///
    /// # Errors
    /// That of `load`.
    ///
    /// # Panics
    /// As [`get_or_load`](Cache::get_or_load).
    pub async fn try_refresh_async<E, By, F>(
        &self,
        key: impl IntoKey<K, By>,
        load: impl FnOnce() -> F,
    ) -> Result<V, E>
    where
        F: Future<Output = Result<V, E>>,
    {
        self.renew_async::<_, Result<V, E>, _, { mode::RESULT }>(key.into_args(), load).await
    }

    /// The same for an error that can say that the load took longer than [`load_timeout`](crate::CacheBuilder::load_timeout).
    ///
    /// # Errors
    /// That of `load`, or one made of a [`LoadTimeout`].
    ///
    /// # Panics
    /// As [`get_or_load`](Cache::get_or_load).
    pub async fn try_refresh_limited_async<E, By, F>(
        &self,
        key: impl IntoKey<K, By>,
        load: impl FnOnce() -> F,
    ) -> Result<V, E>
    where
        E: From<LoadTimeout>,
        F: Future<Output = Result<V, E>>,
    {
        self.renew_async::<_, Result<V, E>, _, { mode::RESULT_LATE }>(key.into_args(), load).await
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "a reference would have to live until the load has ended"
    )]
    fn call_async<A, R, F, const MODE: u8>(
        &self,
        args: A,
        load: impl FnOnce() -> F,
    ) -> impl Future<Output = R>
    where
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
        F: Future<Output = R>,
    {
        let store = StoreRef::Lent(&self.store);
        store.assert_tells_late::<R, MODE>();
        let hash = store.hash(&args);
        let found = match store.seek(hash, &args) {
            Look::Found(value) => Ok(value),
            Look::Missing => Err(Found::Missing(Made::new(&args), ())),
            Look::Old(old, ticket) => {
                Err(Found::Old(old, Claim::new(store.share(), hash, &args, ticket), ()))
            }
        };
        async move {
            // Not called before it leads: those who only wait make no future.
            let pilot = Here(async move { load().await });
            match found {
                Ok(value) => R::from_kept(value),
                Err(Found::Missing(key, ())) => pilot.load(store, hash, key).await,
                Err(Found::Old(old, claim, ())) => claim.led_here(old, pilot).await,
            }
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "as above")]
    fn renew_async<A, R, F, const MODE: u8>(
        &self,
        args: A,
        load: impl FnOnce() -> F,
    ) -> impl Future<Output = R>
    where
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
        F: Future<Output = R>,
    {
        let store = StoreRef::Lent(&self.store);
        store.assert_tells_late::<R, MODE>();
        let (lease, replaced) = store.begin_refresh(Arc::clone(store.flights()), &args);
        Here(async move { load().await }).lead(store, lease, replaced)
    }
}
