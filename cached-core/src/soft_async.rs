//! `soft_timeout` for tasks: as for threads, with a task of its own for the reload.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use crate::clock::Time;
use crate::engine::order::Ticket;
use crate::flight::{Flight, Landing};
use crate::gate::Gate;
use crate::info::Count;
use crate::key::{Args, Made};
use crate::memo::StoreRef;
use crate::outcome::Outcome;
use crate::reload::Claim;
use crate::ride::Rider;
use crate::sleep::Sleep;
use crate::store::{Begin, Store};
use crate::store_async::{Anywhere, Shared};
use crate::sync::Mutex;
use crate::{runtime, scope};

impl<K, V> Store<K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// The rest of a call that found nothing.
    pub(crate) async fn load_soft_async<A, R, const MODE: u8>(
        self: Arc<Self>,
        hash: u64,
        key: Made<A, K>,
        pilot: Anywhere<R>,
    ) -> R
    where
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V> + Send + 'static,
    {
        self.assert_soft();
        let until = self.soft_until();
        let mut pilot = Some(pilot);
        loop {
            if let Some(failed) = self.kept_error(hash, &key) {
                return failed;
            }
            match self.begin(Arc::clone(self.flights()), hash, &key) {
                Begin::Hit(value) => return R::from_kept(value),
                Begin::Join(flight) => {
                    let mut rider = Rider::new(flight, false);
                    if !self.ride_until(&mut rider, until).await {
                        if let Some(old) = self.take_old(hash, self.find(hash, &key)) {
                            self.count(Count::Hits, 1);
                            return R::from_kept(old);
                        }
                        (&mut rider).await;
                    }
                    if let Some(result) = rider.flight().landing().and_then(|landing| self.joined(landing)) {
                        return result;
                    }
                }
                Begin::Lead(lease, replaced) => {
                    if let Some(failed) = self.kept_error_at_last(hash, &key) {
                        return failed;
                    }
                    self.count_miss();
                    let own =
                        pilot.take().expect("a load that was spawned brings something, or its caller waits");
                    let Some(ticket) = replaced.filter(|ticket| self.at_hand(hash, *ticket).is_some()) else {
                        return own.lead(StoreRef::Scoped(self), lease, replaced).await;
                    };
                    let (flight, answer) = self.spawn_load(lease, ticket, own, None);
                    let mut rider = Rider::new(flight, false);
                    if !self.ride_until(&mut rider, until).await {
                        if let Some(old) = self.take_old(hash, Some(ticket)) {
                            return R::from_kept(old);
                        }
                        (&mut rider).await;
                    }
                    if let Some(told) = rider.flight().landing().and_then(Landing::told) {
                        return told;
                    }
                    // An error that cannot be told twice, or a panic.
                    return match answer.wait().await {
                        Some(result) => result,
                        None => match self.take_old(hash, Some(ticket)) {
                            Some(old) => R::from_kept(old),
                            None => {
                                panic!("a load of `{}` in a task of its own did not end well", self.name())
                            }
                        },
                    };
                }
            }
        }
    }

    /// The rest of a call that found a value which is old but has not ended.
    pub(crate) async fn reload_soft_async<R, const MODE: u8>(
        hash: u64,
        old: V,
        claim: Claim<K, V>,
        pilot: Anywhere<R>,
    ) -> R
    where
        R: Outcome<MODE, Kept = V> + Send + 'static,
    {
        let (store, ticket) = (Arc::clone(claim.store()), claim.ticket());
        store.assert_soft();
        let until = store.soft_until();
        let Some(lease) = claim.board() else { return R::from_kept(old) };
        let (flight, _) = store.spawn_load(lease, ticket, pilot, Some(claim));
        let mut rider = Rider::new(flight, false);
        let landed = store.ride_until(&mut rider, until).await;
        if let (true, Some(value)) = (landed, rider.flight().landing().and_then(Landing::fresh::<V>)) {
            return R::from_kept(value.clone());
        }
        if store.at_hand(hash, ticket).is_none() {
            // It has ended meanwhile: there is nothing to give up for.
            (&mut rider).await;
            let told = rider.flight().landing().and_then(Landing::told);
            return told.unwrap_or_else(|| R::from_kept(old));
        }
        R::from_kept(old)
    }

    /// Has a load driven by a task of its own, and by all who wait for it.
    fn spawn_load<R, const MODE: u8>(
        self: &Arc<Self>,
        lease: Shared,
        replaced: Ticket,
        pilot: Anywhere<R>,
        claim: Option<Claim<K, V>>,
    ) -> (Arc<Flight>, Arc<Answer<R>>)
    where
        R: Outcome<MODE, Kept = V> + Send + 'static,
    {
        let (flight, store) = (Arc::clone(lease.flight()), Arc::clone(self));
        flight.join();
        let answer = Arc::new(Answer { result: Mutex::new(None), gate: Gate::default() });
        let own = Ending(Arc::clone(&answer));
        runtime::spawn(Box::pin(scope::carried().run(async move {
            let (own, _claim) = (own, claim);
            let result = pilot.lead(StoreRef::Scoped(store), lease, Some(replaced)).await;
            *own.0.result.lock() = Some(result);
        })));
        (flight, answer)
    }

    /// Rides along until the load has landed, or a time has come; whether it has landed.
    async fn ride_until(&self, rider: &mut Rider, until: Time) -> bool {
        let mut sleep = Sleep::until(self.clock(), until);
        poll_fn(move |cx| {
            if Pin::new(&mut *rider).poll(cx).is_ready() {
                return Poll::Ready(true);
            }
            Pin::new(&mut sleep).poll(cx).map(|()| false)
        })
        .await
    }

    /// # Panics
    /// If nothing would go on with what is waited for.
    fn assert_soft(&self) {
        assert!(
            runtime::can_spawn(),
            "`{}` has a `soft_timeout`, whose reloads need tasks of their own: call `cached_core::runtime::set_spawn` once, or turn on \
             cached-core's feature `tokio` and call inside of its runtime",
            self.name()
        );
    }
}

/// What a load in a task of its own returned, for the caller that began it.
struct Answer<R> {
    result: Mutex<Option<R>>,
    gate: Gate,
}

impl<R> Answer<R> {
    /// What it returned, once it has ended; nothing if it did not come to that.
    async fn wait(&self) -> Option<R> {
        let mut number = None;
        poll_fn(|cx| if self.gate.poll(&mut number, cx.waker()) { Poll::Ready(()) } else { Poll::Pending })
            .await;
        self.result.lock().take()
    }
}

/// Tells that there is an answer, or that there will be none.
struct Ending<R>(Arc<Answer<R>>);

impl<R> Drop for Ending<R> {
    fn drop(&mut self) {
        self.0.gate.open();
    }
}
