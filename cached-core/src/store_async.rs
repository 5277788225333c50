//! The way of an asynchronous call through a store: the same as of any other, with tasks instead of threads.
//!
//! The look-up happens when the call is made, with the arguments as they are; after a miss they go into the body's future,
//! and a key made from them stays behind.

use crate::still::Instant;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use crate::engine::order::Ticket;
use crate::flight::Landing;
use crate::flights::Flights;
use crate::info::Count;
use crate::key::{Args, Made};
use crate::late::LoadTimeout;
use crate::lease::Lease;
use crate::limit::{Limit, Limited};
use crate::memo::StoreRef;
use crate::outcome::Outcome;
use crate::ride::{Arrival, Body, Caught, Led, LedHere, Rider};
use crate::scope;
use crate::store::{Begin, Debris, Replaced, Store};
use crate::sync::{Mutex, assert_unguarded};
use crate::telemetry::{traced, traced_body};

/// A lease that may outlive its caller.
pub(crate) type Shared = Lease<Arc<Flights>>;

// Whether a future can be sent is asked of what it holds, with all lifetimes forgotten. So none of these may hold a type that is found
// through a trait with a lifetime in its bounds, as the future of a trait's method is: where a function returned a `&'static str`,
// nobody could spawn what called it.

/// Only the caller drives the body: it may borrow, and need not be `Send`.
pub(crate) struct Here<F>(pub(crate) F);

/// Every task that waits drives the body. It lies elsewhere as one of many: what leads it is compiled for what it returns, and not for each
/// function anew.
pub(crate) struct Anywhere<R>(Body<R>);

impl<F> Here<F> {
    /// The rest of a call that found nothing.
    pub(crate) async fn load<K, V, A, R, const MODE: u8>(
        self,
        store: StoreRef<'_, K, V>,
        hash: u64,
        key: Made<A, K>,
    ) -> R
    where
        A: Args<Key = K>,
        K: Clone + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
        F: Future<Output = R>,
        R: Outcome<MODE, Kept = V>,
    {
        // The key stays until the load has landed: its drop may panic, and beside a lease that is just being handed over that would
        // keep the lease for ever.
        // What another load has come to is not kept while this one waits: it need not be `Send`.
        let (lease, replaced) = match store.turn(hash, &key).await {
            Turn::Ended(result) => return result,
            Turn::Lead(lease, replaced) => (lease, replaced),
        };
        self.lead(store, lease, replaced).await
    }

    /// Leads the load.
    pub(crate) async fn lead<K, V, R, const MODE: u8>(
        self,
        store: StoreRef<'_, K, V>,
        mut lease: Shared,
        replaced: Option<Ticket>,
    ) -> R
    where
        K: Clone + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
        F: Future<Output = R>,
        R: Outcome<MODE, Kept = V>,
    {
        let limit = store.limit::<R, MODE>();
        let run = Run::start();
        let ended = Caught(LedHere::new(traced(store.name(), self.0), lease.flight(), limit)).await;
        let (result, late) = match ended {
            Ok(result) => run.end::<_, _, R, MODE>(&store, result),
            Err(panic) => {
                run.panicked(&store);
                store.brake_any(&lease, replaced);
                drop(lease);
                resume_unwind(panic)
            }
        };
        let settled = store.settle::<R, MODE>(&mut lease, replaced, result, late);
        lease.land(|| settled.landing);
        drop((settled.removed, settled.debris));
        store.tell();
        settled.result
    }
}

impl<R: Send + 'static> Anywhere<R> {
    pub(crate) fn new(body: impl Future<Output = R> + Send + 'static) -> Self {
        Self(Box::pin(body))
    }

    /// The rest of a call that found nothing.
    pub(crate) async fn load<K, V, A, const MODE: u8>(
        self,
        store: StoreRef<'_, K, V>,
        hash: u64,
        key: Made<A, K>,
    ) -> R
    where
        A: Args<Key = K>,
        K: Clone + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
        R: Outcome<MODE, Kept = V>,
    {
        // The key stays until the load has landed: its drop may panic, and beside a lease that is just being handed over that would
        // keep the lease for ever.
        match store.turn(hash, &key).await {
            Turn::Ended(result) => result,
            Turn::Lead(lease, replaced) => self.lead(store, lease, replaced).await,
        }
    }

    /// Leads the load.
    pub(crate) async fn lead<K, V, const MODE: u8>(
        self,
        store: StoreRef<'_, K, V>,
        mut lease: Shared,
        replaced: Option<Ticket>,
    ) -> R
    where
        K: Clone + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
        R: Outcome<MODE, Kept = V>,
    {
        let (flight, store) = (Arc::clone(lease.flight()), store.share());
        let limit = store.limit::<R, MODE>();
        let body = Limited::new(Led::of(traced_body(store.name(), self.0), Arc::clone(&flight) as _), limit);
        let own: Arc<Mutex<Option<std::thread::Result<R>>>> = Arc::default();
        let answer = Arc::clone(&own);
        flight.join();
        // Before there is anything to drive: were the leader no rider yet, the last of the others would cancel the load.
        let rider = Rider::new(Arc::clone(&flight), true);
        // Whoever polls it, the body sees the scopes of the one who led it.
        flight.set_drive(Box::pin(scope::carried().run(async move {
            let run = Run::start();
            // With the publishing, which clones: whoever polls this must not get what another's value panics with.
            let ended = Caught(body).await;
            let settled = match ended {
                Ok(result) => {
                    let (result, late) = run.end::<_, _, R, MODE>(&store, result);
                    let settle = || store.settle::<R, MODE>(&mut lease, replaced, result, late);
                    catch_unwind(AssertUnwindSafe(settle))
                }
                Err(panic) => {
                    run.panicked(&store);
                    store.brake_any(&lease, replaced);
                    Err(panic)
                }
            };
            // The answer lies ready before anybody is told that there is one.
            match settled {
                Ok(settled) => {
                    *answer.lock() = Some(Ok(settled.result));
                    lease.land(|| settled.landing);
                    let let_go = || {
                        drop((settled.removed, settled.debris));
                        store.tell();
                    };
                    if let Err(panic) = catch_unwind(AssertUnwindSafe(let_go)) {
                        // The leader's, unless it has gone already.
                        let unread =
                            answer.lock().as_mut().map(|answer| std::mem::replace(answer, Err(panic)));
                        drop(unread);
                    }
                }
                Err(panic) => {
                    *answer.lock() = Some(Err(panic));
                    drop(lease);
                }
            }
        })));
        rider.await;
        let answer = own.lock().take();
        match answer.expect("a load that its leader waits for is not cancelled") {
            Ok(result) => result,
            Err(panic) => resume_unwind(panic),
        }
    }
}

impl<K, V> StoreRef<'_, K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// What a call that found nothing has to do: it waits for the load of another one, if there is one.
    async fn turn<A, R, const MODE: u8>(&self, hash: u64, key: &Made<A, K>) -> Turn<R>
    where
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        loop {
            if let Some(failed) = self.kept_error(hash, key) {
                return Turn::Ended(failed);
            }
            let (lease, replaced) = match self.begin(Arc::clone(self.flights()), hash, key) {
                Begin::Hit(value) => return Turn::Ended(R::from_kept(value)),
                Begin::Lead(lease, replaced) => (lease, replaced),
                Begin::Join(flight) => {
                    let mut rider = Rider::new(flight, false);
                    if (&mut rider).await == Arrival::Neglected {
                        match self.begin_instead(Arc::clone(self.flights()), rider.flight(), key) {
                            Some(begun) => begun,
                            None => continue,
                        }
                    } else if let Some(result) = rider.flight().landing().and_then(|it| self.joined(it)) {
                        return Turn::Ended(result);
                    } else {
                        continue;
                    }
                }
            };
            if let Some(failed) = self.kept_error_at_last(hash, key) {
                return Turn::Ended(failed);
            }
            self.count_miss();
            return Turn::Lead(lease, replaced);
        }
    }
}

/// What a call has to do.
enum Turn<R> {
    Ended(R),
    Lead(Shared, Option<Ticket>),
}

/// What a load has come to, with all but the landing done.
pub(crate) struct Settled<K, V, R> {
    pub(crate) result: R,
    pub(crate) landing: Landing,
    /// Dropped after the landing: a drop is user code, which may wait for anything.
    pub(crate) removed: Option<Replaced<K, V>>,
    pub(crate) debris: Option<Debris>,
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Store<K, V> {
    /// How long a load that begins now may take.
    fn limit<R: Outcome<MODE>, const MODE: u8>(&self) -> Option<Limit> {
        let after = self.load_timeout().filter(|_| R::TELLS_LATE)?;
        Some(Limit::new(self.name(), self.clock(), after))
    }

    /// # Panics
    /// If loads may take so long and no longer, and what they return could not say so.
    pub(crate) fn assert_tells_late<R: Outcome<MODE>, const MODE: u8>(&self) {
        assert!(
            R::TELLS_LATE || self.load_timeout().is_none(),
            "`{}` has a `load_timeout`, and this load has no error of its own that could tell of it: use `try_get_or_load_limited_async`, \
             or `try_refresh_limited_async`",
            self.name()
        );
    }

    /// Publishes what a body returned.
    pub(crate) fn settle<R, const MODE: u8>(
        &self,
        lease: &mut Shared,
        replaced: Option<Ticket>,
        result: Result<V, R::Failure>,
        late: Option<LoadTimeout>,
    ) -> Settled<K, V, R>
    where
        K: Clone,
        V: Clone,
        R: Outcome<MODE, Kept = V>,
    {
        assert_unguarded();
        match result {
            Ok(value) => {
                let own = lease.inside(|| value.clone());
                let removed = self.publish(lease, value, replaced);
                let landing =
                    if lease.is_joined() { removed.landing(|| own.clone()) } else { Landing::Nothing };
                Settled { result: R::from_kept(own), landing, removed: Some(removed), debris: None }
            }
            Err(failure) => {
                let old = self.fall_back(lease, replaced);
                if let Some(old) = old {
                    lease.leave();
                    let landing =
                        if lease.is_joined() { Landing::old(old.clone()) } else { Landing::Nothing };
                    return Settled { result: R::from_kept(old), landing, removed: None, debris: None };
                }
                let (kept, debris) = self.keep_error(lease, replaced, || R::share(&failure)).unzip();
                lease.leave();
                let tells = lease.is_joined() && !self.is_error_outdated(lease.flight());
                let shared = if tells { kept.or_else(|| R::share(&failure)) } else { None };
                let landing = match (shared, late) {
                    (Some(shared), _) => Landing::Failure(shared),
                    (None, Some(late)) => Landing::Late(late),
                    (None, None) => Landing::Nothing,
                };
                Settled { result: R::from_failure(failure), landing, removed: None, debris }
            }
        }
    }
}

/// A body that is timed. A load that is cancelled is neither a load nor a failure.
struct Run(Instant);

impl Run {
    fn start() -> Self {
        Self(Instant::now())
    }

    /// What a body came to, and whether that is that it took too long.
    fn end<K, V, R, const MODE: u8>(
        self,
        store: &Store<K, V>,
        result: Result<R, LoadTimeout>,
    ) -> (Result<V, R::Failure>, Option<LoadTimeout>)
    where
        K: Send + Sync + 'static,
        V: Send + Sync + 'static,
        R: Outcome<MODE, Kept = V>,
    {
        let (result, late) = match result {
            Ok(result) => (result.split(), None),
            Err(late) => (Err(R::late(late).expect("only functions that can tell have a limit")), Some(late)),
        };
        let ended = if result.is_ok() { Count::Loads } else { Count::LoadFailures };
        store.count_load(ended, self.0.elapsed());
        (result, late)
    }

    fn panicked<K: Send + Sync + 'static, V: Send + Sync + 'static>(self, store: &Store<K, V>) {
        store.count_load(Count::LoadFailures, self.0.elapsed());
    }
}
