//! Values that have grown old while they are still of use: who is served them, and who loads them anew.
//!
//! A call that finds such a value claims its reload, which one of them does at a time; all of them are answered with what is
//! there. A reload boards a flight like any other load, when it begins to run: while it waits for its turn nobody waits for
//! it. It stores what it brings only where nobody has written to the key since; where it fails, the next try has to wait.

use std::future::Future;
use std::hash::Hasher;
use std::sync::Arc;

use crate::engine::order::Ticket;
use crate::engine::stamp;
use crate::flight::matching;
use crate::flights::{Boarding, Flights};
use crate::info::Count;
use crate::key::{Args, Lookup};
use crate::lease::Lease;
use crate::memo::StoreRef;
use crate::outcome::{Outcome, SharedFailure, mode};
use crate::store::Store;
use crate::store_async::{Anywhere, Here, Shared};
use crate::{runtime, scope, workers};

/// What a look-up found.
pub(crate) enum Look<V> {
    /// A value to answer with.
    Found(V),
    /// A value to answer with, which this caller is to have loaded anew.
    Old(V, Ticket),
    Missing,
}

/// A body that can be run by another thread, and what its return value is to the cache.
pub(crate) type Job<V> = Box<dyn FnOnce() -> Reloaded<V> + Send>;

/// What a body returned where nobody waits for the return value itself.
pub(crate) struct Reloaded<V>(pub(crate) Result<V, Option<SharedFailure>>);

impl<V> Outcome<{ mode::RELOADED }> for Reloaded<V> {
    type Kept = V;
    type Shown = V;
    type Failure = Option<SharedFailure>;

    fn show(kept: V) -> V {
        kept
    }

    fn keep(shown: V) -> V {
        shown
    }

    fn split(self) -> Result<V, Option<SharedFailure>> {
        self.0
    }

    fn from_kept(kept: V) -> Self {
        Self(Ok(kept))
    }

    fn from_failure(failure: Option<SharedFailure>) -> Self {
        Self(Err(failure))
    }

    fn share(failure: &Option<SharedFailure>) -> Option<SharedFailure> {
        failure.clone()
    }
}

/// A key, and how it is compared.
pub(crate) struct Known<K> {
    pub(crate) key: K,
    same: fn(&K, &K) -> bool,
}

impl<K> Known<K> {
    pub(crate) fn new<A: Args<Key = K>>(args: &A) -> Self {
        Self { key: args.to_key(), same: A::same }
    }
}

impl<K> Lookup<K> for Known<K> {
    fn hash_into<H: Hasher>(&self, _: &mut H) {
        unreachable!("the claim knows the hash")
    }

    fn matches(&self, key: &K) -> bool {
        (self.same)(&self.key, key)
    }
}

/// The right to reload an entry. With its end the next try may come, after a while: what has been stored meanwhile is
/// another entry, which does not mind.
pub(crate) struct Claim<K: Send + Sync + 'static, V: Send + Sync + 'static> {
    store: Arc<Store<K, V>>,
    hash: u64,
    ticket: Ticket,
    known: Known<K>,
}

impl<K, V> Claim<K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(crate) fn new<A: Args<Key = K>>(
        store: Arc<Store<K, V>>,
        hash: u64,
        args: &A,
        ticket: Ticket,
    ) -> Self {
        Self { store, hash, ticket, known: Known::new(args) }
    }

    /// The lease, unless another load runs, or the entry is not there any more.
    pub(crate) fn board(&self) -> Option<Shared> {
        let flights = Arc::clone(self.store.flights());
        let draft = self.store.draft(self.hash, self.known.key.clone());
        let Boarding::Lead(flight) = flights.board(self.hash, &matching(&self.known), draft) else {
            return None;
        };
        let lease = Lease::new(flights, flight);
        let (table, counters) = self.store.table_and_counters();
        let (ticket, until) = table.find(self.hash, &self.known, |until, _| until)?;
        if ticket != self.ticket {
            return None;
        }
        counters.one(Count::Refreshes);
        Some(lease.of_reload(until))
    }

    pub(crate) fn ticket(&self) -> Ticket {
        self.ticket
    }

    pub(crate) fn store(&self) -> &Arc<Store<K, V>> {
        &self.store
    }

    /// Has another thread reload it.
    pub(crate) fn send(self, job: Job<V>) {
        let (scopes, pending) = (scope::carried(), scope::isolation().map(|scope| scope.pending()));
        let used = stamp::latest();
        let run = move || {
            stamp::follow(used);
            let _pending = pending;
            let _entered = scopes.enter();
            // Its end is part of what is waited for.
            let claim = self;
            if let Some(lease) = claim.board() {
                let ticket = Some(claim.ticket);
                drop(claim.store.lead::<Reloaded<V>, _, { mode::RELOADED }>(lease, ticket, job));
            }
        };
        // Where there is no thread for it, a later call asks again.
        drop(workers::run(Box::new(run)));
    }

    /// Reloads it; `old` is what to answer with where that is not to be.
    pub(crate) fn here<R, const MODE: u8>(self, old: V, body: impl FnOnce() -> R) -> R
    where
        R: Outcome<MODE, Kept = V>,
    {
        match self.board() {
            Some(lease) => self.store.lead(lease, Some(self.ticket), body),
            None => R::from_kept(old),
        }
    }

    /// The same for a task that drives the body alone.
    pub(crate) async fn led_here<R, F, const MODE: u8>(self, old: V, pilot: Here<F>) -> R
    where
        F: Future<Output = R>,
        R: Outcome<MODE, Kept = V>,
    {
        match self.board() {
            Some(lease) => pilot.lead(self.scoped(), lease, Some(self.ticket)).await,
            None => R::from_kept(old),
        }
    }

    /// The same where all who wait drive it.
    pub(crate) async fn led_anywhere<R, const MODE: u8>(self, old: V, pilot: Anywhere<R>) -> R
    where
        R: Outcome<MODE, Kept = V> + Send + 'static,
    {
        match self.board() {
            Some(lease) => pilot.lead(self.scoped(), lease, Some(self.ticket)).await,
            None => R::from_kept(old),
        }
    }

    fn scoped(&self) -> StoreRef<'static, K, V> {
        StoreRef::Scoped(Arc::clone(&self.store))
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Drop for Claim<K, V> {
    fn drop(&mut self) {
        self.store.brake(self.hash, self.ticket);
    }
}

/// The rest of an asynchronous call that may find an old value.
pub(crate) enum Found<K: Send + Sync + 'static, V: Send + Sync + 'static, M, P> {
    Old(V, Claim<K, V>, P),
    Missing(M, P),
}

impl<K, V> Store<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// The value of a key, counted, the long way: clears some expired entries away where that is due.
    pub(crate) fn look(&self, hash: u64, key: &impl Lookup<K>) -> Look<V>
    where
        V: Clone,
    {
        let now = self.swept();
        let (table, counters) = self.table_and_counters();
        if !self.lingers() {
            let found = table.get(hash, key, now, true, |pin, value| {
                let value = value.clone();
                counters.add_as(pin, Count::Hits, 1);
                value
            });
            return found.map_or(Look::Missing, Look::Found);
        }
        let found = table.get_lingering(hash, key, now, |pin, value, old| {
            let value = value.clone();
            counters.add_as(pin, Count::Hits, 1);
            if old {
                counters.add_as(pin, Count::StaleHits, 1);
            }
            value
        });
        match found {
            Some((value, Some(ticket))) => Look::Old(value, ticket),
            Some((value, None)) => Look::Found(value),
            None => Look::Missing,
        }
    }

    /// A reload has ended without a new entry, or nobody knows how: the next try has to wait.
    pub(crate) fn brake(&self, hash: u64, ticket: Ticket) {
        let (table, _) = self.table_and_counters();
        table.set_tries(hash, ticket, self.next_try());
    }

    /// A load has panicked.
    pub(crate) fn brake_any<H>(&self, lease: &Lease<H>, replaced: Option<Ticket>)
    where
        H: std::ops::Deref<Target = Flights>,
    {
        if let Some(ticket) = replaced.filter(|_| self.lingers()) {
            self.brake(lease.flight().hash, ticket);
        }
    }

    /// A load has failed: brakes, and gives the old value where it may still be answered with.
    pub(crate) fn fall_back<H>(&self, lease: &mut Lease<H>, replaced: Option<Ticket>) -> Option<V>
    where
        V: Clone,
        H: std::ops::Deref<Target = Flights>,
    {
        let ticket = replaced.filter(|_| self.lingers())?;
        let hash = lease.flight().hash;
        self.brake(hash, ticket);
        if lease.is_of_refresh() {
            return None;
        }
        // Whoever joins after an invalidation must not get what it removed: nobody joins from here on, and then it is looked for.
        lease.leave();
        let value = self.at_hand(hash, ticket)?;
        // The call that found an old value and began its reload has been counted as answered with it.
        self.count(Count::StaleHits, u64::from(!lease.is_of_reload()));
        Some(value)
    }

    /// The value of an entry, old or not, that may still be answered with where there is no better one.
    pub(crate) fn at_hand(&self, hash: u64, ticket: Ticket) -> Option<V>
    where
        V: Clone,
    {
        let (table, _) = self.table_and_counters();
        table.value_of(hash, ticket, self.now(), V::clone)
    }
}

/// Has a task of its own drive the reload, where [one can be spawned](runtime::can_spawn).
pub(crate) fn reload_in_task<K, V, R, const MODE: u8>(claim: Claim<K, V>, pilot: Anywhere<R>)
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    R: Outcome<MODE, Kept = V> + Send + 'static,
{
    let reload = async move {
        if let Some(lease) = claim.board() {
            drop(pilot.lead::<_, _, MODE>(claim.scoped(), lease, Some(claim.ticket)).await);
        }
    };
    runtime::spawn(Box::pin(scope::carried().run(reload)));
}
