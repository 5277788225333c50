//! The short way of a load into a store where nothing is asked of a value but that it is kept: most loads take it.

use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::load::give_up;
use super::run::{Run, Timing};
use super::{Core, Store};
use crate::clock::Time;
use crate::context;
use crate::engine::entry::Entry;
use crate::engine::table::{Garbage, Inserted, Quick, Removed};
use crate::flight::{Draft, Landing, matching};
use crate::flights::{BareLease, Boarding, Flights, Held};
use crate::info::Count;
use crate::key::{Args, Lookup};
use crate::lease::Lease;
use crate::level;
use crate::outcome::Outcome;
use crate::sync::assert_unguarded;

/// What is done where a lease is lost.
type Lost<'a, H> = &'a dyn Fn(&Lease<H>) -> Removed;

/// Runs a body, and takes apart what it returns; whether that is a value.
fn run<R: Outcome<MODE>, const MODE: u8>(
    body: &mut Option<impl FnOnce() -> R>,
    result: &mut Option<Result<R::Kept, R::Failure>>,
) -> bool {
    let returned = body.take().expect("a body runs once")().split();
    result.insert(returned).is_ok()
}

impl Core {
    /// Runs a body outside of any other, which says whether it brought a value. A panic goes on when the lease is dropped.
    fn run_bare<'a>(&self, lease: BareLease<'a>, body: &mut dyn FnMut() -> bool) -> BareLease<'a> {
        let tally = self.counters.tally();
        tally.add(Count::Misses, 1);
        let ended = {
            let mut timing = Timing::start(self.name, tally);
            assert_unguarded();
            let ended = level::inside(&lease, || catch_unwind(AssertUnwindSafe(body)));
            ended.map(|has_value| timing.end(u64::from(has_value), u64::from(!has_value)))
        };
        if let Err(panic) = ended {
            give_up(lease, panic);
        }
        assert_unguarded();
        lease
    }

    /// The same as the load of any lease. The miss has been counted.
    fn run_led<'a>(&self, lease: Lease<&'a Flights>, body: &mut dyn FnMut() -> bool) -> Lease<&'a Flights> {
        let ended = {
            let mut run = Run::start(self.name, &self.counters, Arc::clone(lease.flight()) as _);
            assert_unguarded();
            let ended = catch_unwind(AssertUnwindSafe(body));
            ended.map(|has_value| run.end(u64::from(has_value), u64::from(!has_value)))
        };
        if let Err(panic) = ended {
            give_up(lease, panic);
        }
        assert_unguarded();
        lease
    }
}

impl<K, V> Store<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// A call that found nothing, of a function without options: as [`load`](Self::load), without what only options ask for. (With
    /// a value that turned out to be a `Result` nothing is kept.)
    #[cold]
    #[inline(never)]
    pub(crate) fn load_plain<A, R, const MODE: u8>(
        &self,
        hash: u64,
        args: A,
        body: &mut dyn FnMut(A) -> R,
    ) -> R
    where
        K: Clone,
        V: Clone,
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        if context::is_outside() {
            if let Some(lease) = self.flights.board_bare(hash, args.to_key(), self.label) {
                // Between the look-up and the boarding another load may have landed.
                if let Some(value) = self.seek_plain(hash, &args) {
                    drop(lease);
                    return R::from_kept(value);
                }
                return self.lead_bare(hash, lease, || body(args), Self::land_bare_plain);
            }
        }
        loop {
            self.flights.assert_not_inside(&matching(&args));
            let draft = Draft::new(hash, self.label.name_key(args.to_key()), None);
            let flight = match self.flights.board(hash, &matching(&args), draft) {
                Boarding::Lead(flight) => flight,
                Boarding::Join(flight) => match self.joined(flight.wait()) {
                    Some(result) => return result,
                    None => continue,
                },
            };
            let lease = Lease::new(&*self.flights, flight);
            if let Some(value) = self.seek_plain(hash, &args) {
                drop(lease);
                return R::from_kept(value);
            }
            self.count_miss();
            return self.lead_plain(lease, || body(args));
        }
    }

    /// The value of a key, counted, of a store where nothing ages.
    pub(crate) fn seek_plain(&self, hash: u64, key: &impl Lookup<K>) -> Option<V>
    where
        V: Clone,
    {
        match self.hit_plain(hash, key) {
            Quick::Found(value) => Some(value),
            Quick::Missing => None,
            // As in a scope, whose threads go no short ways.
            Quick::Unknown => self.table.get(hash, key, 0, true, |pin, value| {
                let value = value.clone();
                self.counters.add_as(pin, Count::Hits, 1);
                value
            }),
        }
    }

    /// Runs a body under a lease, stores what it returns, and tells those who wait.
    fn lead_plain<R, const MODE: u8>(&self, lease: Lease<&Flights>, body: impl FnOnce() -> R) -> R
    where
        K: Clone,
        V: Clone,
        R: Outcome<MODE, Kept = V>,
    {
        let (mut body, mut result) = (Some(body), None);
        let lease = self.core.run_led(lease, &mut || run(&mut body, &mut result));
        match result.expect("a body that has ended has returned") {
            Ok(value) => R::from_kept(self.land_plain(lease, value, None)),
            Err(failure) => {
                lease.land(|| R::share(&failure).map_or(Landing::Nothing, Landing::Failure));
                R::from_failure(failure)
            }
        }
    }

    /// Runs a body that nobody waits for yet, outside of any other, and has what it returns stored by `land`.
    pub(super) fn lead_bare<R, const MODE: u8>(
        &self,
        hash: u64,
        lease: BareLease<'_>,
        body: impl FnOnce() -> R,
        land: fn(&Self, u64, BareLease<'_>, V) -> V,
    ) -> R
    where
        K: Clone,
        V: Clone,
        R: Outcome<MODE, Kept = V>,
    {
        let (mut body, mut result) = (Some(body), None);
        let lease = self.core.run_bare(lease, &mut || run(&mut body, &mut result));
        match result.expect("a body that has ended has returned") {
            Ok(value) => R::from_kept(land(self, hash, lease, value)),
            Err(failure) => {
                if let Err(lease) = lease.end::<K>() {
                    lease.land(|| R::share(&failure).map_or(Landing::Nothing, Landing::Failure));
                }
                R::from_failure(failure)
            }
        }
    }

    /// Stores a value that comes in the place of nothing, where nothing else is asked of it. What the caller is given.
    fn land_bare_plain(&self, hash: u64, lease: BareLease<'_>, value: V) -> V
    where
        K: Clone,
        V: Clone,
    {
        let own = value.clone();
        match lease.end::<K>() {
            Ok((held, key)) => {
                drop(self.keep_plain(held, hash, key, value));
                own
            }
            Err(lease) => self.land_plain(lease, value, None),
        }
    }

    /// The same where more may be asked.
    pub(super) fn land_bare(&self, hash: u64, lease: BareLease<'_>, value: V) -> V
    where
        K: Clone,
        V: Clone,
    {
        let own = value.clone();
        // Before the list is held: the clock may be a test's own.
        let now = self.now();
        match lease.end::<K>() {
            Ok((held, key)) if self.is_plain => {
                drop(self.keep_plain(held, hash, key, value));
                own
            }
            Ok((held, key)) => {
                drop(self.keep_simple(held, Entry::plain(hash, key, value), now));
                own
            }
            Err(mut lease) => {
                let removed = self.publish(&mut lease, value, None);
                lease.land(|| removed.landing(|| own.clone()));
                drop(removed);
                own
            }
        }
    }

    /// Stores a value that comes in the place of nothing, if the lease still holds, and tells those who wait; `lost` is done where it does
    /// not. What the caller is given.
    #[inline]
    pub(super) fn land_plain<H>(
        &self,
        mut lease: Lease<H>,
        value: V,
        lost: Option<Lost<'_, H>>,
    ) -> V
    where
        K: Clone,
        V: Clone,
        H: Deref<Target = Flights>,
    {
        let own = value.clone();
        let flight = lease.flight();
        let (hash, key) = (flight.hash, flight.key::<K>().clone());
        let Some(held) = lease.hold() else {
            let removed = lost.map(|lost| lost(&lease));
            lease.land(|| Landing::value(own.clone()));
            drop((removed, key, value));
            return own;
        };
        // Dropped at the end, when those who wait have been told: a drop may wait for anything.
        let garbage = self.keep_plain(held, hash, key, value);
        lease.land(|| Landing::value(own.clone()));
        drop(garbage);
        own
    }

    /// Stores what is no more than a key and a value. To be dropped: what had to go.
    #[inline(never)]
    fn keep_plain(&self, held: Held<'_>, hash: u64, key: K, value: V) -> Result<Garbage, (K, V)> {
        if !self.is_plain {
            // Nothing is kept here.
            drop(held);
            return Err((key, value));
        }
        let mut garbage = Garbage::new();
        let change = self.table.insert_plain(hash, key, value, &mut garbage);
        drop(held);
        self.core.note_inserted(&self.table, change, &mut garbage);
        Ok(garbage)
    }

    /// Stores what has no more than a time, or gives it back if it would not live at all.
    #[inline(never)]
    fn keep_simple(&self, held: Held<'_>, entry: Entry<K, V>, now: Time) -> Result<Inserted, Entry<K, V>> {
        let times =
            self.options.fresh.times(&self.ages, None, (&entry.key, &entry.value), entry.hash, || now);
        let Some(times) = times else { return Err(entry) };
        let mut inserted = self.table.insert(Entry { times, ..entry }, None, now);
        drop(held);
        self.core.note_inserted(&self.table, inserted.change, &mut inserted.garbage);
        Ok(inserted)
    }
}
