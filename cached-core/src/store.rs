//! The state of one cache and the way of a call through it: look up, else board a flight, run the body, publish.
//!
//! A [`Memo`](crate::Memo) is what a function has; it has one store for the process and one for each scope in which
//! it is used.

use std::any::Any;
use std::cell::Cell;
use std::hash::{BuildHasher, Hasher};
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use foldhash::fast::RandomState;

use crate::clock::{self, Clock, Time, is_past};
use crate::context::{self, Entered, Frame};
use crate::engine::age::Ages;
use crate::engine::entry::Entry;
use crate::engine::order::Ticket;
use crate::engine::table::{Inserted, Quick, Removed, Table};
use crate::epoch;
use crate::flight::{Flight, Label, Landing};
use crate::flights::{Boarding, Flights};
use crate::hooks::Hooks;
use crate::info::{CacheInfo, Count, Counters};
use crate::key::{Args, Lookup};
use crate::lease::Lease;
use crate::options::Options;
use crate::outcome::Outcome;
use crate::reload::Look;
use crate::stopwatch::Stopwatch;
use crate::sync::{assert_unguarded, thread_local};

/// See the module's words.
pub(crate) struct Store<K, V> {
    name: &'static str,
    label: Label<K>,
    options: Options,
    hooks: Hooks<K, V>,
    ages: Ages,
    /// Keyed by chance, once per store: who chooses the keys cannot choose their hashes.
    hasher: RandomState,
    clock: Clock,
    table: Table<K, V>,
    flights: Arc<Flights<K, V>>,
    counters: Counters,
    /// What only some functions need, of a type that they alone know.
    extra: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl<K, V> Store<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    pub(crate) fn new(
        name: &'static str,
        label: Label<K>,
        options: Options,
        hooks: Hooks<K, V>,
        clock: Clock,
    ) -> Self {
        let ages = options.fresh.ages(hooks.ttl.is_some());
        let table = Table::new(options.bound, ages);
        let (flights, counters, extra) = (Arc::new(Flights::new()), Counters::new(), OnceLock::new());
        let hasher = RandomState::default();
        Self { name, label, options, hooks, ages, hasher, clock, table, flights, counters, extra }
    }

    /// What only some functions need, made at first use.
    ///
    /// # Panics
    /// If asked for with two types.
    pub(crate) fn extra<T: Send + Sync + 'static>(&self, make: fn() -> T) -> &T {
        let extra = self.extra.get_or_init(|| Box::new(make()));
        extra.downcast_ref().expect("a store serves one function, which has one extra")
    }

    pub(crate) fn label(&self) -> Label<K> {
        self.label
    }

    pub(crate) fn count(&self, count: Count, by: u64) {
        self.counters.add(count, by);
    }

    /// Puts a body on this thread's stack.
    pub(crate) fn run(&self, frame: Arc<dyn Frame>) -> Run<'_> {
        Run::start(&self.counters, frame)
    }

    #[inline]
    pub(crate) fn hash(&self, key: &impl Lookup<K>) -> u64 {
        assert_unguarded();
        let mut hasher = self.hasher.build_hasher();
        key.hash_into(&mut hasher);
        hasher.finish()
    }

    /// The time, where anything here ages.
    #[inline]
    pub(crate) fn now(&self) -> Time {
        if self.ages.any { self.clock.now() } else { 0 }
    }

    #[cold]
    #[inline(never)]
    fn sweep(&self, now: Time) {
        let removed = self.table.sweep(now);
        self.count_removed(removed);
    }

    /// The value of a key, counted.
    #[inline]
    pub(crate) fn seek(&self, hash: u64, key: &impl Lookup<K>) -> Look<V>
    where
        V: Clone,
    {
        match self.hit_quick(hash, key) {
            Quick::Found(value) => Look::Found(value),
            Quick::Missing => Look::Missing,
            Quick::Unknown => match self.hit_ageing(hash, key) {
                Quick::Found(value) => Look::Found(value),
                Quick::Missing => Look::Missing,
                Quick::Unknown => self.look(hash, key),
            },
        }
    }

    /// The same, the short way: where nothing ages, and the thread has been here before, is not on a visit, and has not
    /// entered a scope.
    #[inline(always)]
    pub(crate) fn hit_quick(&self, hash: u64, key: &impl Lookup<K>) -> Quick<V>
    where
        V: Clone,
    {
        self.table.get_quick(hash, key, |pin, value| {
            let value = value.clone();
            self.counters.add_as(pin, Count::Hits, 1);
            value
        })
    }

    /// The same where entries age, and the coarse clock will do.
    #[inline]
    pub(crate) fn hit_ageing(&self, hash: u64, key: &impl Lookup<K>) -> Quick<V>
    where
        V: Clone,
    {
        let Some(now) = self.coarse_now() else { return Quick::Unknown };
        self.table.get_ageing(hash, key, now, |pin, value| {
            let value = value.clone();
            self.counters.add_as(pin, Count::Hits, 1);
            value
        })
    }

    /// By the coarse clock, where anything here ages. A scope's clock is read the long way.
    #[inline]
    fn coarse_now(&self) -> Option<Time> {
        match self.clock {
            Clock::System if self.ages.any => clock::coarse_now(),
            _ => None,
        }
    }

    /// The same for a caller that does not reload what has grown old.
    pub(crate) fn hit(&self, hash: u64, key: &impl Lookup<K>) -> Option<V>
    where
        V: Clone,
    {
        match self.seek(hash, key) {
            Look::Found(value) => Some(value),
            Look::Old(value, ticket) => {
                self.brake(hash, ticket);
                Some(value)
            }
            Look::Missing => None,
        }
    }

    /// The time, once some expired entries were cleared away if that was due.
    pub(crate) fn swept(&self) -> Time {
        let now = self.now();
        if self.table.is_due(now) {
            self.sweep(now);
        }
        now
    }

    /// Whether an entry may be of use beyond its time.
    pub(crate) fn lingers(&self) -> bool {
        self.ages.lingers()
    }

    /// When a reload that has failed now may be tried again.
    pub(crate) fn next_try(&self) -> Time {
        // Never for good: that would say that one is under way.
        self.now().saturating_add(self.options.fresh.retry_after()).min(Time::MAX - 1)
    }

    pub(crate) fn table_and_counters(&self) -> (&Table<K, V>, &Counters) {
        (&self.table, &self.counters)
    }

    /// What `read` makes of the value of a key, counted as a hit; the way is as that of [`hit`](Self::hit).
    #[inline]
    pub(crate) fn read<R>(&self, hash: u64, key: &impl Lookup<K>, read: impl FnOnce(&V) -> R) -> Option<R> {
        let mut read = Some(read);
        let mut read = |value: &V| read.take().expect("an entry is found once")(value);
        let quick = self.table.get_quick(hash, key, |pin, value| {
            let result = read(value);
            self.counters.add_as(pin, Count::Hits, 1);
            result
        });
        match quick {
            Quick::Found(result) => Some(result),
            Quick::Missing => None,
            Quick::Unknown => self.read_slow(hash, key, read),
        }
    }

    #[inline(never)]
    fn read_slow<R>(&self, hash: u64, key: &impl Lookup<K>, mut read: impl FnMut(&V) -> R) -> Option<R> {
        if let Some(now) = self.coarse_now() {
            let found = self.table.get_ageing(hash, key, now, |pin, value| {
                let result = read(value);
                self.counters.add_as(pin, Count::Hits, 1);
                result
            });
            match found {
                Quick::Found(result) => return Some(result),
                Quick::Missing => return None,
                Quick::Unknown => {}
            }
        }
        let now = self.now();
        if self.table.is_due(now) {
            self.sweep(now);
        }
        self.table.get(hash, key, now, true, |pin, value| {
            let result = read(value);
            self.counters.add_as(pin, Count::Hits, 1);
            result
        })
    }

    pub(crate) fn count_miss(&self) {
        self.counters.one(Count::Misses);
    }

    pub(crate) fn count_load(&self, ended: Count, time: Duration) {
        self.counters.one(ended);
        self.counters.add(Count::LoadNanos, u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    }

    /// A call that found nothing: joins the load of its key or leads one.
    #[cold]
    #[inline(never)]
    pub(crate) fn load<A, R, const MODE: u8>(&self, hash: u64, args: A, body: impl FnOnce(A) -> R) -> R
    where
        K: Clone,
        V: Clone,
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        loop {
            match self.begin(&*self.flights, hash, &args) {
                Begin::Hit(value) => return R::from_kept(value),
                Begin::Join(flight) => {
                    if let Some(result) = self.joined(flight.wait()) {
                        return result;
                    }
                }
                Begin::Lead(lease, replaced) => {
                    self.count_miss();
                    return self.lead(lease, replaced, || body(args));
                }
            }
        }
    }

    /// The list of running loads, for a lease that outlives its caller.
    pub(crate) fn flights(&self) -> &Arc<Flights<K, V>> {
        &self.flights
    }

    /// What a call that found nothing is to do. `flights` are this store's, borrowed or shared.
    pub(crate) fn begin<A, H>(&self, flights: H, hash: u64, args: &A) -> Begin<K, V, H>
    where
        V: Clone,
        A: Args<Key = K>,
        H: Deref<Target = Flights<K, V>>,
    {
        flights.assert_not_inside(args);
        match Flights::board(flights, hash, args, || args.to_key(), self.label) {
            Boarding::Join(flight) => Begin::Join(flight),
            Boarding::Lead(lease) => {
                // Between the look-up and the boarding another load may have landed.
                let now = self.now();
                let fresh = |deadline, value: &V| (!is_past(deadline, now)).then(|| value.clone());
                let (replaced, fresh) = self.table.find(hash, args, fresh).unzip();
                let old = || self.look_again(hash, args);
                let Some(value) = fresh.flatten().or_else(old) else { return Begin::Lead(lease, replaced) };
                // Not shared: an invalidation may be about to remove it, and who has joined may have called after that. They look
                // for themselves.
                drop(lease);
                self.counters.one(Count::Hits);
                Begin::Hit(value)
            }
        }
    }

    /// Between the look-up and the boarding a reload may have failed, so that the old value answers until the next try.
    fn look_again(&self, hash: u64, key: &impl Lookup<K>) -> Option<V>
    where
        V: Clone,
    {
        if !self.lingers() {
            return None;
        }
        let found = self.table.get_lingering(hash, key, self.now(), |_, value, _| value.clone());
        found.map(|(value, ticket)| {
            ticket.inspect(|ticket| self.brake(hash, *ticket));
            self.counters.one(Count::StaleHits);
            value
        })
    }

    /// The result of a load that another call led, where it could be shared.
    pub(crate) fn joined<R: Outcome<MODE, Kept = V>, const MODE: u8>(&self, landing: &Landing<V>) -> Option<R>
    where
        V: Clone,
    {
        assert_unguarded();
        let result = match landing {
            Landing::Value(value) => R::from_kept(value.clone()),
            Landing::Failure(failure) => R::unshare(&**failure).map(R::from_failure)?,
            Landing::Nothing => return None,
        };
        self.counters.one(Count::Coalesced);
        Some(result)
    }

    /// Runs the body now and puts its value in the place of what is there.
    pub(crate) fn refresh<A, R, const MODE: u8>(&self, args: A, body: impl FnOnce(A) -> R) -> R
    where
        K: Clone,
        V: Clone,
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        let (lease, replaced) = self.begin_refresh(&*self.flights, &args);
        self.lead(lease, replaced, || body(args))
    }

    /// Takes a load over from a caller that does not go on with it.
    pub(crate) fn begin_over<A, H>(&self, flights: H, hash: u64, args: &A) -> (Lease<K, V, H>, Option<Ticket>)
    where
        A: Args<Key = K>,
        H: Deref<Target = Flights<K, V>>,
    {
        let lease = Flights::take_over(flights, hash, args, args.to_key(), self.label);
        (lease, self.find(hash, args))
    }

    pub(crate) fn begin_refresh<A, H>(&self, flights: H, args: &A) -> (Lease<K, V, H>, Option<Ticket>)
    where
        A: Args<Key = K>,
        H: Deref<Target = Flights<K, V>>,
    {
        self.counters.one(Count::Refreshes);
        let (lease, replaced) = self.begin_over(flights, self.hash(args), args);
        self.flights.assert_not_inside(args);
        (lease.of_refresh(A::same), replaced)
    }

    /// Runs a body under a lease, publishes what it returns, and tells those who wait.
    pub(crate) fn lead<R, H, const MODE: u8>(
        &self,
        mut lease: Lease<K, V, H>,
        replaced: Option<Ticket>,
        body: impl FnOnce() -> R,
    ) -> R
    where
        K: Clone,
        V: Clone,
        R: Outcome<MODE, Kept = V>,
        H: Deref<Target = Flights<K, V>>,
    {
        let run = Run::start(&self.counters, Arc::clone(lease.flight()) as _);
        assert_unguarded();
        let result = match catch_unwind(AssertUnwindSafe(body)) {
            Ok(result) => result.split(),
            Err(panic) => {
                self.brake_any(&lease, replaced);
                give_up(run, lease, panic)
            }
        };
        run.end(u64::from(result.is_ok()), u64::from(result.is_err()));
        assert_unguarded();
        match result {
            Ok(value) => {
                let own = value.clone();
                let removed = self.publish(&mut lease, value, replaced);
                lease.land(|| Landing::Value(own.clone()));
                // Not before: a drop is user code, which may wait for anything, and must not keep others waiting for this load.
                drop(removed);
                R::from_kept(own)
            }
            Err(failure) => {
                if let Some(old) = self.fall_back(&mut lease, replaced) {
                    lease.land(|| Landing::Value(old.clone()));
                    return R::from_kept(old);
                }
                lease.land(|| R::share(&failure).map_or(Landing::Nothing, Landing::Failure));
                R::from_failure(failure)
            }
        }
    }

    /// Stores a value if the lease still holds. The lease ends.
    ///
    /// Where it does not, the value is not stored, and comes back; but whoever calls after a refresh must not get what was
    /// read before it, so that has to go.
    pub(crate) fn publish<H>(
        &self,
        lease: &mut Lease<K, V, H>,
        value: V,
        replaced: Option<Ticket>,
    ) -> Replaced<K, V>
    where
        K: Clone,
        H: Deref<Target = Flights<K, V>>,
    {
        let flight = lease.flight();
        let hash = flight.hash;
        let mut entry = self.entry(hash, &flight.key, value);
        let now = self.now();
        // Of an entry that grew old: what has been evicted meanwhile is not let in again, unless somebody waits for it.
        let (only, flight) = (lease.only_replaces(now), Arc::clone(flight));
        let is_gone = |ticket| only && !flight.is_joined() && !self.table.is_there(hash, ticket);
        let published = lease.publish(|| match entry.take() {
            Some(late) if replaced.is_some_and(is_gone) => {
                entry = Some(late);
                (None, Removed::default())
            }
            Some(entry) => (Some(self.table.insert(entry, replaced)), Removed::default()),
            // What is not kept takes the place of what was there nevertheless.
            None => (None, replaced.map(|ticket| self.table.remove(hash, ticket, now)).unwrap_or_default()),
        });
        let Some((mut inserted, outdated)) = published else {
            return Replaced { _inserted: None, _removed: self.take_back(lease, hash), lost: entry };
        };
        if let Some(inserted) = &mut inserted {
            self.counters.some(Count::Evictions, inserted.evicted);
            let expired = inserted.replaced.is_some_and(|deadline| is_past(deadline, now));
            self.counters.some(Count::Expirations, usize::from(expired));
            self.table.relieve(inserted);
        }
        Replaced { _inserted: inserted, _removed: outdated, lost: entry }
    }

    /// What is stored of a value, if anything is.
    fn entry(&self, hash: u64, key: &K, value: V) -> Option<Entry<K, V>>
    where
        K: Clone,
    {
        if !self.options.keeps_anything() {
            return None;
        }
        assert_unguarded();
        if self.hooks.store_if.as_ref().is_some_and(|keeps| !keeps(&value)) {
            return None;
        }
        // Before the time is taken: the weigher may take its own.
        let weight = self.weigh(key, &value)?;
        let now = || self.clock.now();
        let times =
            self.options.fresh.times(&self.ages, self.hooks.ttl.as_ref(), (key, &value), hash, now)?;
        Some(Entry { hash, key: key.clone(), value, times, weight })
    }

    /// What an entry weighs, where that matters; `None` if that is more than all of them may weigh together. Runs user code.
    fn weigh(&self, key: &K, value: &V) -> Option<u64> {
        let Some(max) = self.options.bound.max_weight else { return Some(1) };
        // Something at least, or nothing would bound the number of those that weigh nothing.
        let weight = self.hooks.weigher.as_ref().map_or(1, |weigher| weigher(key, value)).max(1);
        (weight <= max).then_some(weight)
    }

    /// For a refresh that has lost its lease: removes what has come since.
    #[cold]
    fn take_back<H>(&self, lease: &Lease<K, V, H>, hash: u64) -> Removed<K, V>
    where
        H: Deref<Target = Flights<K, V>>,
    {
        let found = lease.revoke_others().and_then(|key| self.find(hash, &key));
        found.map_or_else(Removed::default, |ticket| self.table.remove(hash, ticket, self.now()))
    }

    /// The ticket of a key's entry, fresh or not.
    pub(crate) fn find(&self, hash: u64, key: &impl Lookup<K>) -> Option<Ticket> {
        self.table.find(hash, key, |_, _| ()).map(|(ticket, ())| ticket)
    }

    pub(crate) fn insert<A: Args<Key = K>>(&self, args: &A, value: V)
    where
        K: Clone,
    {
        let (hash, mut value) = (self.hash(args), value);
        // Again, where another writer came in between: a value that was given must not be lost to one that is still being
        // worked out, and must be there when this returns. An invalidation in between comes after it; but it may not be
        // through yet, and what it is about to remove must be gone when this returns.
        loop {
            let (mut lease, replaced) = self.begin_over(&*self.flights, hash, args);
            let mut removed = self.publish(&mut lease, value, replaced);
            let superseded = lease.is_superseded();
            drop(lease);
            assert_unguarded();
            match removed.lost.take() {
                Some(entry) if superseded => value = entry.value,
                Some(_) => {
                    drop(replaced.map(|ticket| self.table.remove(hash, ticket, self.now())));
                    return;
                }
                None => return,
            }
        }
    }

    pub(crate) fn invalidate(&self, key: &impl Lookup<K>) -> bool {
        let hash = self.hash(key);
        self.flights.revoke(hash, key);
        let Some(ticket) = self.find(hash, key) else {
            return false;
        };
        self.count_removed(self.table.remove(hash, ticket, self.now())) == 1
    }

    pub(crate) fn invalidate_if(&self, matches: impl FnMut(&K, &V) -> bool) -> usize {
        // A value on its way cannot be shown to the predicate: it is not stored, whatever it will be.
        self.flights.revoke_all();
        self.count_removed(self.table.remove_if(self.now(), matches))
    }

    pub(crate) fn clear(&self) -> usize {
        self.flights.revoke_all();
        self.count_removed(self.table.drain(self.now()))
    }

    /// Counts what was removed, and drops it. What had expired before does not count as invalidated.
    fn count_removed(&self, removed: Removed<K, V>) -> usize {
        assert_unguarded();
        self.counters.some(Count::Invalidations, removed.fresh);
        self.counters.some(Count::Expirations, removed.expired);
        removed.let_go()
    }

    pub(crate) fn peek(&self, key: &impl Lookup<K>) -> Option<V>
    where
        V: Clone,
    {
        self.table.get(self.hash(key), key, self.now(), false, |_, value| value.clone())
    }

    pub(crate) fn contains(&self, key: &impl Lookup<K>) -> bool {
        self.table.get(self.hash(key), key, self.now(), false, |_, _| ()).is_some()
    }

    /// Shows every fresh entry.
    pub(crate) fn for_each(&self, show: impl FnMut(&K, &V)) {
        self.table.for_each(self.now(), show);
    }

    pub(crate) fn reset_info(&self) {
        self.counters.reset();
    }

    pub(crate) fn cache_info(&self) -> CacheInfo {
        let count = |count| self.counters.get(count);
        let now = self.now();
        if self.table.is_due(now) {
            self.sweep(now);
        }
        drop(self.table.collect());
        CacheInfo {
            name: self.name.to_owned(),
            policy: self.options.bound.policy(),
            hits: count(Count::Hits),
            misses: count(Count::Misses),
            coalesced: count(Count::Coalesced),
            loads: count(Count::Loads),
            load_failures: count(Count::LoadFailures),
            load_time: Duration::from_nanos(count(Count::LoadNanos)),
            evictions: count(Count::Evictions),
            expirations: count(Count::Expirations),
            stale_hits: count(Count::StaleHits),
            invalidations: count(Count::Invalidations),
            refreshes: count(Count::Refreshes),
            batches: count(Count::Batches),
            created: count(Count::Created),
            forced: count(Count::Forced),
            len: self.table.len(),
            max: self.options.bound.max,
            weight: self.table.weight(),
            max_weight: self.options.bound.max_weight,
        }
    }
}

/// What had to go when a value was stored, or the value itself where it could not be.
pub(crate) struct Replaced<K, V> {
    _inserted: Option<Inserted<K, V>>,
    _removed: Removed<K, V>,
    lost: Option<Entry<K, V>>,
}

/// After a panic in the body: lets go of those who wait, then goes on with it. Not while unwinding, where a second panic,
/// out of a drop that this causes, would end the process.
#[cold]
fn give_up<K, V, H>(run: Run<'_>, lease: Lease<K, V, H>, panic: Box<dyn Any + Send>) -> !
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
    H: Deref<Target = Flights<K, V>>,
{
    drop(run);
    drop(lease);
    resume_unwind(panic)
}

/// See [`Store::begin`].
pub(crate) enum Begin<K, V, H>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
    H: Deref<Target = Flights<K, V>>,
{
    Hit(V),
    Join(Arc<Flight<K, V>>),
    Lead(Lease<K, V, H>, Option<Ticket>),
}

/// A running body: on the stack of its thread, timed, and counted as a failure unless it ends well.
pub(crate) struct Run<'a> {
    counters: &'a Counters,
    watch: Stopwatch,
    /// Time of the loads inside the run around this one, put aside.
    outer: u64,
    /// Loads and failures: a body that does not end is one failure.
    ended: (u64, u64),
    _entered: Entered,
}

thread_local! {
    /// Nanoseconds of the loads that ended inside the body that runs now: not its own time. Without that a
    /// recursive function would count the innermost second once for every level.
    static INNER: Cell<u64> = const { Cell::new(0) };
}

impl<'a> Run<'a> {
    fn start(counters: &'a Counters, load: Arc<dyn Frame>) -> Self {
        let entered = context::enter(load);
        let outer = INNER.try_with(|inner| inner.replace(0)).unwrap_or(0);
        Self {
            counters,
            watch: Stopwatch::start(counters.brief(&epoch::pin())),
            outer,
            ended: (0, 1),
            _entered: entered,
        }
    }

    /// The body has ended, in so many loads and failures.
    pub(crate) fn end(mut self, loads: u64, failures: u64) {
        self.ended = (loads, failures);
    }

    /// A body that does not end is so many failures.
    pub(crate) fn of(mut self, keys: u64) -> Self {
        self.ended = (0, keys);
        self
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        let pin = epoch::pin();
        let nanos = self.watch.stop(self.counters.brief(&pin));
        let inner = INNER.try_with(|inner| inner.replace(self.outer.saturating_add(nanos))).unwrap_or(0);
        let (loads, failures) = self.ended;
        self.counters.loaded(&pin, loads, failures, nanos.saturating_sub(inner));
    }
}

/// A store, whatever its types are: as the registry and the scopes hold it.
pub(crate) trait AnyStore: Send + Sync {
    fn name(&self) -> &'static str;
    fn info(&self) -> CacheInfo;
    fn clear_all(&self) -> usize;
    fn reset(&self);
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> AnyStore for Store<K, V> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn info(&self) -> CacheInfo {
        self.cache_info()
    }

    fn clear_all(&self) -> usize {
        self.clear()
    }

    fn reset(&self) {
        self.reset_info();
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}
