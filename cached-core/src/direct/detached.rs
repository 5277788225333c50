//! Loads that go on without the caller that began them.

use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::sync::Arc;
use std::thread;

use super::{Cache, IntoKey};
use crate::call::Call;
use crate::engine::note;
use crate::engine::table::Quick;
use crate::key::{Args, Made};
use crate::late::LoadTimeout;
use crate::memo::StoreRef;
use crate::outcome::{Outcome, mode};
use crate::reload::{Claim, Found, Job, Look, Reloaded, reload_in_task};
use crate::runtime;
use crate::soft::reload_soft;
use crate::store::Store;
use crate::store_async::Anywhere;
use crate::sync::Mutex;

/// The loading verbs of a [`Cache`] for loads that own all they need (`Send + 'static`), so that another thread or task can go on with
/// them: see [`Cache::detached`].
pub struct Detached<'a, K: 'static, V: 'static> {
    cache: &'a Cache<K, V>,
}

impl<K: 'static, V: 'static> Copy for Detached<'_, K, V> {}

impl<K: 'static, V: 'static> Clone for Detached<'_, K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> fmt::Debug for Detached<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Detached").field(self.cache).finish()
    }
}

impl<K, V> Cache<K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// The loading verbs for loads that own all they need: nobody has to stay for such a load.
    ///
    /// | | a load that may borrow, `cache.get_or_load(..)` | one that owns what it needs, `cache.detached().get_or_load(..)` |
    /// |---|---|---|
    /// | [`refresh_after`](crate::CacheBuilder::refresh_after) | the caller that finds the value old loads it | it is answered at once, and a thread of a small pool loads, or a [task](crate::runtime) |
    /// | [`soft_timeout`](crate::CacheBuilder::soft_timeout) | is not kept: who leads a load stays to its end | is kept by all who wait |
    /// | a task that is dropped | whoever waits begins anew | the load goes on with those who wait |
    ///
    /// ```
    /// use cached_core::{Cache, testing};
    /// use std::time::Duration;
    ///
    /// let scope = testing::isolate();
    /// let rates: Cache<String, u32> =
    ///     Cache::builder().ttl(60).refresh_after(Duration::from_secs(45)).build();
    /// let client = std::sync::Arc::new(110); // imagine one of a service
    /// let rate = || {
    ///     let client = client.clone();
    ///     rates.detached().get_or_load("EUR", move || *client)
    /// };
    /// rate();
    /// scope.advance(Duration::from_secs(45));
    /// rate(); // at once; another thread reloads
    /// scope.settle(); // tests may wait for it
    /// assert_eq!(rates.info().loads, 2);
    /// ```
    pub fn detached(&self) -> Detached<'_, K, V> {
        Detached { cache: self }
    }
}

impl<K, V> Detached<'_, K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// [`Cache::get_or_load`], for a load that can go on without its caller.
    ///
    /// # Panics
    /// As there. A load that panics does so for the caller that began it, unless there is an old value to answer with.
    pub fn get_or_load<By>(self, key: impl IntoKey<K, By>, load: impl FnOnce() -> V + Send + 'static) -> V {
        self.call::<_, V, { mode::PLAIN }>(key.into_args(), load)
    }

    /// [`Cache::try_get_or_load_shared`], for a load that can go on without its caller.
    ///
    /// # Errors
    /// That of the load; with `stale_if_error` the old value answers instead, as long as there is one.
    ///
    /// # Panics
    /// As [`get_or_load`](Detached::get_or_load).
    ///
    /// ```
    /// use cached_core::{Cache, testing};
    /// use std::time::Duration;
    ///
    /// let scope = testing::isolate();
    /// let rates: Cache<String, u32> = Cache::builder()
    ///     .ttl(60)
    ///     .stale_if_error(3600)
    ///     .soft_timeout(Duration::from_millis(100))
    ///     .build();
    /// let rate = |answer: Result<u32, String>| rates.detached().try_get_or_load("EUR", || answer);
    /// assert_eq!(rate(Ok(110)), Ok(110));
    /// scope.advance(Duration::from_secs(60));
    /// assert_eq!(rate(Err("no answer".to_owned())), Ok(110)); // a new one, if it comes within 100 ms
    /// ```
    pub fn try_get_or_load<E, By>(
        self,
        key: impl IntoKey<K, By>,
        load: impl FnOnce() -> Result<V, E> + Send + 'static,
    ) -> Result<V, E>
    where
        E: Clone + Send + Sync + 'static,
    {
        self.call::<_, Result<V, E>, { mode::RESULT_SHARED }>(key.into_args(), load)
    }

    /// [`Cache::get_or_load_async`], for a future that every task which waits for it can drive: it goes on when the caller that began it is
    /// dropped, and is cancelled with the last that waits.
    ///
    /// # Panics
    /// As [`Cache::get_or_load`]; of a cache with a `load_timeout`, and with a `soft_timeout` where no task can be
    /// [spawned](crate::runtime::set_spawn).
    pub async fn get_or_load_async<By, F>(
        self,
        key: impl IntoKey<K, By>,
        load: impl FnOnce() -> F + Send + 'static,
    ) -> V
    where
        F: Future<Output = V> + Send + 'static,
    {
        self.call_async::<_, V, _, { mode::PLAIN }>(key.into_args(), load).await
    }

    /// The same where the load can fail.
    ///
    /// # Errors
    /// That of the load; with `stale_if_error` the old value answers instead, as long as there is one.
    ///
    /// # Panics
    /// As [`get_or_load_async`](Detached::get_or_load_async).
    pub async fn try_get_or_load_async<E, By, F>(
        self,
        key: impl IntoKey<K, By>,
        load: impl FnOnce() -> F + Send + 'static,
    ) -> Result<V, E>
    where
        E: Clone + Send + Sync + 'static,
        F: Future<Output = Result<V, E>> + Send + 'static,
    {
        self.call_async::<_, Result<V, E>, _, { mode::RESULT_SHARED }>(key.into_args(), load).await
    }

    /// The same for an error that can say that the load took longer than [`load_timeout`](crate::CacheBuilder::load_timeout).
    ///
    /// # Errors
    /// That of the load, or one made of a [`LoadTimeout`]; with `stale_if_error` the old value answers instead, as long as there is one.
    ///
    /// # Panics
    /// As [`Cache::get_or_load`], and with a `soft_timeout` where no task can be [spawned](crate::runtime::set_spawn).
    pub async fn try_get_or_load_limited_async<E, By, F>(
        self,
        key: impl IntoKey<K, By>,
        load: impl FnOnce() -> F + Send + 'static,
    ) -> Result<V, E>
    where
        E: From<LoadTimeout> + Clone + Send + Sync + 'static,
        F: Future<Output = Result<V, E>> + Send + 'static,
    {
        self.call_async::<_, Result<V, E>, _, { mode::RESULT_SHARED_LATE }>(key.into_args(), load).await
    }

    fn call<A, R, const MODE: u8>(self, args: A, load: impl FnOnce() -> R + Send + 'static) -> R
    where
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V> + Send + 'static,
    {
        let store = &self.cache.store;
        let hash = store.hash(&args);
        if let Quick::Found(value) = store.hit_quick(note::UNKNOWN, hash, &args) {
            return R::from_kept(value);
        }
        let is_soft = store.soft_timeout().is_some();
        let errand = Errand::new(load);
        match store.seek(hash, &args) {
            Look::Found(value) => R::from_kept(value),
            Look::Missing if is_soft => {
                let again = |_: &A| errand.job::<V, MODE>();
                store.load_soft(hash, args, |_| errand.run(), again, || errand.answer())
            }
            Look::Missing => store.load(hash, args, |_| errand.run()),
            Look::Old(old, ticket) => {
                let claim = Claim::new(Arc::clone(store), hash, &args, ticket);
                let job = errand.job::<V, MODE>().expect("a load that has not begun");
                if is_soft {
                    return reload_soft(hash, old, claim, job);
                }
                claim.send(job);
                R::from_kept(old)
            }
        }
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "a reference would have to live until the load has ended"
    )]
    fn call_async<A, R, F, const MODE: u8>(
        self,
        args: A,
        load: impl FnOnce() -> F + Send + 'static,
    ) -> impl Future<Output = R>
    where
        A: Args<Key = K>,
        F: Future<Output = R> + Send + 'static,
        R: Outcome<MODE, Kept = V> + Send + 'static,
    {
        let store = Arc::clone(&self.cache.store);
        store.assert_tells_late::<R, MODE>();
        let (hash, is_soft) = (store.hash(&args), store.soft_timeout().is_some());
        // Not called before it leads: those who only wait make no future.
        let pilot = || Anywhere::new(async move { load().await });
        let found = match store.seek(hash, &args) {
            Look::Found(value) => return Call::ready(value),
            Look::Missing => Found::Missing(Made::new(&args), pilot()),
            Look::Old(old, ticket) => {
                Found::Old(old, Claim::new(Arc::clone(&store), hash, &args, ticket), pilot())
            }
        };
        Call::rest(async move {
            match found {
                Found::Missing(key, pilot) if is_soft => store.load_soft_async(hash, key, pilot).await,
                Found::Missing(key, pilot) => pilot.load(StoreRef::Scoped(store), hash, key).await,
                Found::Old(old, claim, pilot) if is_soft => {
                    Store::reload_soft_async(hash, old, claim, pilot).await
                }
                Found::Old(old, claim, pilot) if runtime::can_spawn() => {
                    reload_in_task(claim, pilot);
                    R::from_kept(old)
                }
                Found::Old(old, claim, pilot) => claim.led_anywhere(old, pilot).await,
            }
        })
    }
}

/// A load that runs once, here or on another thread, and what it came to there.
struct Errand<F, R>(Arc<Halves<F, R>>);

struct Halves<F, R> {
    load: Mutex<Option<F>>,
    answer: Mutex<Option<thread::Result<R>>>,
}

impl<F, R> Errand<F, R>
where
    F: FnOnce() -> R + Send + 'static,
    R: Send + 'static,
{
    fn new(load: F) -> Self {
        Self(Arc::new(Halves { load: Mutex::new(Some(load)), answer: Mutex::new(None) }))
    }

    /// Runs it here; or goes on with the panic it came to where it ran.
    fn run(&self) -> R {
        let load = self.0.load.lock().take();
        if let Some(load) = load {
            return load();
        }
        let answer = self.0.answer.lock().take();
        answer.expect("a load that ran came to something").unwrap_or_else(|panic| resume_unwind(panic))
    }

    /// The load as another thread runs it, unless it has been run. The caller may be gone by then.
    fn job<V, const MODE: u8>(&self) -> Option<Job<V>>
    where
        R: Outcome<MODE, Kept = V>,
        V: Clone + Send + 'static,
    {
        self.0.load.lock().is_some().then(|| {
            let halves = Arc::clone(&self.0);
            let job = move || {
                let load = halves.load.lock().take().expect("nobody else runs it");
                let result = match catch_unwind(AssertUnwindSafe(load)) {
                    Ok(result) => result.split(),
                    Err(panic) => {
                        *halves.answer.lock() = Some(Err(panic));
                        panic_any("the caller has the panic")
                    }
                };
                match result {
                    Ok(value) => {
                        *halves.answer.lock() = Some(Ok(R::from_kept(value.clone())));
                        Reloaded(Ok(value))
                    }
                    Err(failure) => {
                        let shared = R::share(&failure);
                        *halves.answer.lock() = Some(Ok(R::from_failure(failure)));
                        Reloaded(Err(shared))
                    }
                }
            };
            Box::new(job) as Job<V>
        })
    }

    /// What it came to on another thread, unless that is a panic: an old value may answer instead.
    fn answer(&self) -> Option<R> {
        let mut answer = self.0.answer.lock();
        if matches!(*answer, Some(Ok(_))) { answer.take()?.ok() } else { None }
    }
}
