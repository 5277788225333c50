//! The way of a call that found nothing: join a load or lead one, run the body, publish what it returned.

use std::any::Any;
use std::cell::Cell;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use super::run::Run;
use super::{Core, Store};
use crate::clock::{Time, is_past};
use crate::context;
use crate::engine::entry::Entry;
use crate::engine::note;
use crate::engine::order::Ticket;
use crate::engine::table::Quick;
use crate::engine::table::{Change, Fate, Garbage, Inserted, RawTable, Removed};
use crate::flight::{Draft, Flight, Landing, matching, same_keys};
use crate::flights::{Boarding, Flights};
use crate::info::Count;
use crate::key::{Args, Lookup};
use crate::lease::Lease;
use crate::level;
use crate::outcome::Outcome;
use crate::removal::RemovalCause;
use crate::sync::assert_unguarded;
use crate::tags::{Member, Outdated};

impl<K, V> Store<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
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
        if self.is_simple && context::is_outside() {
            let mut key = Some(args.to_key());
            if let Some(lease) = self.flights.board_bare(hash, &mut |room| self.label.put(&mut key, room)) {
                // Between the look-up and the boarding another load may have landed. As part of the load: what user code calls may
                // want this very value.
                let found = level::inside(&lease, || match self.seek_quick(hash, &args) {
                    // As in a scope, whose threads go no short ways.
                    Quick::Unknown if self.find(hash, &args).is_none() => Quick::Missing,
                    found => found,
                });
                match found {
                    Quick::Missing => return self.lead_bare(hash, lease, || body(args)),
                    Quick::Found(value) => {
                        drop(lease);
                        return R::from_kept(value);
                    }
                    Quick::Unknown => drop(lease),
                }
            }
        }
        loop {
            if let Some(failed) = self.kept_error(hash, &args) {
                return failed;
            }
            let (lease, replaced) = match self.begin(&*self.flights, hash, &args) {
                Begin::Hit(value) => return R::from_kept(value),
                Begin::Join(flight) => match flight.wait_watching() {
                    Some(landing) => {
                        if let Some(result) = self.joined(landing) {
                            return result;
                        }
                        continue;
                    }
                    // A task's, which does not go on with it.
                    None => match self.begin_instead(&*self.flights, &flight, &args) {
                        Some(begun) => begun,
                        None => continue,
                    },
                },
                Begin::Lead(lease, replaced) => (lease, replaced),
            };
            if let Some(failed) = self.kept_error_at_last(hash, &args) {
                return failed;
            }
            self.count_miss();
            return self.lead(lease, replaced, || body(args));
        }
    }

    /// What the list of running loads is told of one that is about to begin. Runs user code.
    pub(crate) fn draft(&self, hash: u64, key: K) -> Draft {
        let tags = self.tagging.as_ref().map(|tagging| {
            let of_key = self.hooks().and_then(|hooks| hooks.tags_of_key.as_ref());
            Box::new(tagging.begin(&|| of_key.map_or_else(Vec::new, |tags| tags(&key))))
        });
        Draft::new(hash, self.label.name_key(Some(key)), tags)
    }

    /// The list of running loads, for a lease that outlives its caller.
    pub(crate) fn flights(&self) -> &Arc<Flights> {
        &self.flights
    }

    /// What a call that found nothing is to do. `flights` are this store's, borrowed or shared.
    // Each caller has types of its own, and what it gives would be read before it has been written through.
    #[inline(always)]
    pub(crate) fn begin<A, H>(&self, flights: H, hash: u64, args: &A) -> Begin<V, H>
    where
        V: Clone,
        A: Args<Key = K>,
        H: Deref<Target = Flights>,
    {
        let is_key = matching(args);
        flights.assert_not_inside(&is_key);
        match flights.board(hash, &is_key, self.draft(hash, args.to_key())) {
            Boarding::Join(flight) => Begin::Join(flight),
            Boarding::Lead(flight) => {
                let lease = Lease::new(flights, flight);
                let (found, replaced) = lease.inside(|| self.look_once_more(hash, args));
                let Some(value) = found else { return Begin::Lead(lease, replaced) };
                // Not shared: an invalidation may be about to remove it, and who has joined may have called after that. They look
                // for themselves.
                drop(lease);
                Begin::Hit(value)
            }
        }
    }

    /// Between the look-up and the boarding another load may have landed. A fresh value, counted; and what is there at all.
    fn look_once_more(&self, hash: u64, key: &impl Lookup<K>) -> (Option<V>, Option<Ticket>)
    where
        V: Clone,
    {
        if self.is_plain {
            match self.hit_quick(note::UNKNOWN, hash, key) {
                Quick::Found(value) => return (Some(value), None),
                Quick::Missing => return (None, None),
                Quick::Unknown => {}
            }
        }
        let fresh = |deadline, value: &V| (!is_past(deadline, self.now())).then(|| value.clone());
        let (replaced, fresh) = self.table.find(hash, key, fresh).unzip();
        let found = fresh.flatten().or_else(|| self.look_again(hash, key));
        self.counters.some(Count::Hits, usize::from(found.is_some()));
        (found, replaced)
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
    pub(crate) fn joined<R: Outcome<MODE, Kept = V>, const MODE: u8>(&self, landing: &Landing) -> Option<R>
    where
        V: Clone,
    {
        let result = landing.told()?;
        self.counters.some(Count::StaleHits, usize::from(matches!(landing, Landing::Old(_))));
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
    pub(crate) fn begin_over<A, H>(&self, flights: H, hash: u64, args: &A) -> (Lease<H>, Option<Ticket>)
    where
        A: Args<Key = K>,
        H: Deref<Target = Flights>,
    {
        let flight = flights.take_over(hash, &matching(args), self.draft(hash, args.to_key()));
        let lease = Lease::new(flights, flight);
        self.forget_error(hash, args);
        (lease, self.find(hash, args))
    }

    pub(crate) fn begin_refresh<A, H>(&self, flights: H, args: &A) -> (Lease<H>, Option<Ticket>)
    where
        A: Args<Key = K>,
        H: Deref<Target = Flights>,
    {
        self.counters.one(Count::Refreshes);
        let (lease, replaced) = self.begin_over(flights, self.hash(args), args);
        self.flights.assert_not_inside(&matching(args));
        (lease.of_refresh(same_keys::<A>), replaced)
    }

    /// Runs a body under a lease, publishes what it returns, and tells those who wait.
    pub(crate) fn lead<R, H, const MODE: u8>(
        &self,
        mut lease: Lease<H>,
        replaced: Option<Ticket>,
        body: impl FnOnce() -> R,
    ) -> R
    where
        K: Clone,
        V: Clone,
        R: Outcome<MODE, Kept = V>,
        H: Deref<Target = Flights>,
    {
        let result = match self.run_caught(&lease, body) {
            Ok(result) => result,
            Err(panic) => {
                self.brake_any(&lease, replaced);
                give_up(lease, panic)
            }
        };
        assert_unguarded();
        match result {
            Ok(value) if self.is_plain && replaced.is_none() => R::from_kept(self.land_plain(lease, value)),
            Ok(value) => {
                let own = lease.inside(|| value.clone());
                let removed = self.publish(&mut lease, value, replaced);
                lease.land(|| removed.landing(|| own.clone()));
                // Not before: a drop is user code, which may wait for anything, and must not keep others waiting for this load.
                drop(removed);
                self.tell();
                R::from_kept(own)
            }
            Err(failure) => {
                if let Some(old) = self.fall_back(&mut lease, replaced) {
                    lease.land(|| Landing::old(old.clone()));
                    return R::from_kept(old);
                }
                let (kept, debris) = self.keep_error(&mut lease, replaced, || R::share(&failure)).unzip();
                lease.leave();
                let outdated = self.is_error_outdated(lease.flight());
                let share = || if outdated { None } else { kept.or_else(|| R::share(&failure)) };
                lease.land(|| share().map_or(Landing::Nothing, Landing::Failure));
                drop(debris);
                self.tell();
                R::from_failure(failure)
            }
        }
    }

    /// Runs a body as the load of a lease; its failure, or the panic that it ended with.
    #[inline]
    fn run_caught<R, H, const MODE: u8>(
        &self,
        lease: &Lease<H>,
        body: impl FnOnce() -> R,
    ) -> Result<Result<V, R::Failure>, Box<dyn Any + Send>>
    where
        R: Outcome<MODE, Kept = V>,
        H: Deref<Target = Flights>,
    {
        let mut run = Run::start(self.name, &self.counters, Arc::clone(lease.flight()) as _);
        assert_unguarded();
        let result = catch_unwind(AssertUnwindSafe(body))?.split();
        run.end(u64::from(result.is_ok()), u64::from(result.is_err()));
        Ok(result)
    }

    /// Stores a value if the lease still holds. The lease ends.
    ///
    /// Where it does not, the value is not stored, and comes back; but whoever calls after a refresh must not get what was
    /// read before it, so that has to go.
    pub(crate) fn publish<H>(
        &self,
        lease: &mut Lease<H>,
        value: V,
        replaced: Option<Ticket>,
    ) -> Replaced<K, V>
    where
        K: Clone,
        H: Deref<Target = Flights>,
    {
        let flight = Arc::clone(lease.flight());
        let hash = flight.hash;
        // Held until nobody can join, stored or not: a tag that nobody holds has no record to mark.
        let mut tags = lease.inside(|| self.tags_of(&flight, &value));
        let records = tags.as_ref().map(|tags| tags.as_ref().map(|tags| tags.share()));
        let records = records.map_err(|Outdated| Outdated);
        let now = Cell::new(None);
        let mut entry = if tags.is_ok() { lease.inside(|| self.entry(&flight, value, &now)) } else { None };
        let now = now.get().unwrap_or_else(|| self.now());
        // Of an entry that grew old: what has been evicted meanwhile is not let in again, unless somebody waits for it.
        let only = lease.only_replaces(now);
        let is_gone = |ticket| only && !flight.is_joined() && !self.table.is_there(hash, ticket);
        let cause = RemovalCause::Replaced;
        let published = lease.publish(|| match entry.take() {
            Some(late) if replaced.is_some_and(is_gone) => {
                entry = Some(late);
                (None, Removed::default())
            }
            Some(mut entry) => {
                entry.tags = tags.as_mut().ok().and_then(Option::take);
                (Some(self.table.insert(entry, replaced, now)), Removed::default())
            }
            // What is not kept takes the place of what was there nevertheless.
            None => {
                (None, replaced.map(|ticket| self.table.remove(hash, ticket, now, cause)).unwrap_or_default())
            }
        });
        // Nobody can join from here on, so that all who have are served rightly.
        let outdated = match &records {
            Ok(records) => records.as_ref().is_some_and(|records| !records.is_current()),
            Err(Outdated) => true,
        };
        let Some((mut inserted, mut removed)) = published else {
            return Replaced {
                _inserted: None,
                _removed: self.take_back(lease, hash),
                _errors: Vec::new(),
                lost: entry,
                outdated,
            };
        };
        if let Some(inserted) = &mut inserted {
            self.core.note_inserted(&self.table, inserted.change, &mut inserted.garbage);
            if let Ok(Some(records)) = &records {
                removed = self.enlist(records, Member { hash, ticket: inserted.change.ticket });
                self.note_removed(&removed);
            }
        } else {
            // An entry without tags that hold is no less invalidated where nothing comes in its place.
            self.counters.some(Count::Invalidations, removed.outdated);
        }
        let errors = self.crowd_errors_out(&self.table);
        Replaced { _inserted: inserted, _removed: removed, _errors: errors, lost: entry, outdated }
    }

    /// What is stored of a value, if anything is, without its tags; and the time, where that had to be known.
    fn entry(&self, flight: &Flight, value: V, time: &Cell<Option<Time>>) -> Option<Entry<K, V>>
    where
        K: Clone,
    {
        let (hash, key) = (flight.hash, flight.key::<K>());
        if !self.options.keeps_anything() {
            return None;
        }
        assert_unguarded();
        let hooks = self.hooks();
        if hooks.and_then(|hooks| hooks.store_if.as_ref()).is_some_and(|keeps| !keeps(&value)) {
            return None;
        }
        // Before the time is taken: the weigher may take its own.
        let weight = self.weigh(key, &value)?;
        let now = || {
            let now = self.clock.now();
            time.set(Some(now));
            now
        };
        let times = self.options.fresh.times(
            &self.ages,
            hooks.and_then(|hooks| hooks.ttl.as_ref()),
            (key, &value),
            hash,
            now,
        )?;
        Some(Entry { hash, key: key.clone(), value, times, weight, tags: None })
    }

    /// What an entry weighs, where that matters; `None` if that is more than all of them may weigh together. Runs user code.
    fn weigh(&self, key: &K, value: &V) -> Option<u64> {
        let Some(max) = self.options.bound.max_weight else { return Some(1) };
        // Something at least, or nothing would bound the number of those that weigh nothing.
        let weigher = self.hooks().and_then(|hooks| hooks.weigher.as_ref());
        let weight = weigher.map_or(1, |weigher| weigher(key, value)).max(1);
        (weight <= max).then_some(weight)
    }

    /// For a refresh that has lost its lease: removes what has come since.
    #[cold]
    pub(super) fn take_back<H>(&self, lease: &Lease<H>, hash: u64) -> Removed
    where
        H: Deref<Target = Flights>,
    {
        let found = lease.revoke_others().and_then(|key| self.find(hash, &key));
        found.map_or_else(Removed::default, |ticket| {
            self.table.remove(hash, ticket, self.now(), RemovalCause::Replaced)
        })
    }
}

impl Core {
    /// Counts what the insertion of an entry has changed, and gives way where garbage has come together.
    pub(super) fn note_inserted(&self, table: &RawTable, change: Change, garbage: &mut Garbage) {
        self.counters.some(Count::Evictions, change.evicted);
        self.storms.note(self.name, change.evicted, || table.len(), || self.clock.now());
        match change.replaced {
            Some(Fate::Expired) => self.counters.one(Count::Expirations),
            Some(Fate::Outdated) => self.counters.one(Count::Invalidations),
            Some(Fate::Fresh) | None => {}
        }
        table.relieve(change, garbage);
    }
}

/// What had to go when a value was stored, or the value itself where it could not be.
pub(crate) struct Replaced<K, V> {
    _inserted: Option<Inserted>,
    _removed: Removed,
    _errors: Vec<Removed>,
    pub(super) lost: Option<Entry<K, V>>,
    /// One of its tags was invalidated while it was loaded.
    outdated: bool,
}

impl<K, V: Send + Sync + 'static> Replaced<K, V> {
    /// What those are told who wait for the value: some may have called after what it was read before.
    pub(crate) fn landing(&self, value: impl FnOnce() -> V) -> Landing {
        if self.outdated { Landing::Nothing } else { Landing::value(value()) }
    }
}

/// After a panic in the body: drops its lease, which lets go of those who wait, then goes on with it. Not while unwinding, where
/// a second panic, out of a drop that this causes, would end the process.
#[cold]
pub(super) fn give_up<L>(lease: L, panic: Box<dyn Any + Send>) -> ! {
    drop(lease);
    resume_unwind(panic)
}

/// See [`Store::begin`].
pub(crate) enum Begin<V, H>
where
    H: Deref<Target = Flights>,
{
    Hit(V),
    Join(Arc<Flight>),
    Lead(Lease<H>, Option<Ticket>),
}
