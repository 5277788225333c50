//! The short way of a load into a store where nothing is asked of a value but that it is kept: most loads take it.

use std::any::Any;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::Store;
use super::run::Timing;
use crate::engine::entry::Entry;
use crate::engine::table::Inserted;
use crate::flight::Landing;
use crate::flights::{BareLease, Flights, Held};
use crate::info::Count;
use crate::lease::Lease;
use crate::level;
use crate::outcome::Outcome;
use crate::sync::assert_unguarded;

impl<K, V> Store<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Runs a body that nobody waits for yet, outside of any other, and stores what it returns.
    pub(super) fn lead_bare<R, const MODE: u8>(
        &self,
        lease: BareLease<'_, K, V>,
        body: impl FnOnce() -> R,
    ) -> R
    where
        K: Clone,
        V: Clone,
        R: Outcome<MODE, Kept = V>,
    {
        let tally = self.counters.tally();
        tally.add(Count::Misses, 1);
        let mut timing = Timing::start(self.name, tally);
        assert_unguarded();
        let returned = level::inside(&lease, || catch_unwind(AssertUnwindSafe(body)));
        let result = match returned {
            Ok(returned) => returned.split(),
            Err(panic) => give_up(timing, lease, panic),
        };
        timing.end(u64::from(result.is_ok()), u64::from(result.is_err()));
        drop(timing);
        assert_unguarded();
        match result {
            Ok(value) => R::from_kept(self.land_bare(lease, value)),
            Err(failure) => {
                if let Err(lease) = lease.end() {
                    lease.land(|| R::share(&failure).map_or(Landing::Nothing, Landing::Failure));
                }
                R::from_failure(failure)
            }
        }
    }

    /// Stores a value that comes in the place of nothing. What the caller is given.
    #[inline]
    fn land_bare(&self, lease: BareLease<'_, K, V>, value: V) -> V
    where
        K: Clone,
        V: Clone,
    {
        let (own, hash) = (value.clone(), lease.hash());
        match lease.end() {
            Ok((held, key)) if self.is_plain => {
                let mut inserted = Inserted::default();
                self.keep_plain(held, Entry::plain(hash, key, value), &mut inserted);
                own
            }
            Ok((held, key)) => {
                drop(self.keep_simple(held, Entry::plain(hash, key, value)));
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

    /// Stores a value that comes in the place of nothing, if the lease still holds, and tells those who wait. What the caller
    /// is given.
    #[inline]
    pub(super) fn land_plain<H>(&self, mut lease: Lease<K, V, H>, value: V) -> V
    where
        K: Clone,
        V: Clone,
        H: Deref<Target = Flights<K, V>>,
    {
        let own = value.clone();
        let flight = lease.flight();
        let (hash, key) = (flight.hash, flight.key.clone());
        let entry = Entry::plain(hash, key, value);
        let Some(held) = lease.hold() else {
            let removed = self.take_back(&lease, hash);
            lease.land(|| Landing::Value(own.clone()));
            drop((removed, entry));
            return own;
        };
        // Dropped at the end, when those who wait have been told: a drop may wait for anything.
        let mut inserted = Inserted::default();
        self.keep_plain(held, entry, &mut inserted);
        lease.land(|| Landing::Value(own.clone()));
        own
    }

    /// Stores what is no more than a key and a value.
    #[inline(never)]
    fn keep_plain(&self, held: Held<'_, K, V>, entry: Entry<K, V>, inserted: &mut Inserted<K, V>) {
        let Entry { hash, key, value, .. } = entry;
        // What the compiler knows of it here makes half of it go away.
        self.table.insert_into(inserted, Entry::plain(hash, key, value), None, 0);
        drop(held);
        self.note_inserted(inserted);
    }

    /// Stores what has no more than a time, or gives it back if it would not live at all.
    #[inline(never)]
    fn keep_simple(&self, held: Held<'_, K, V>, entry: Entry<K, V>) -> Result<Inserted<K, V>, Entry<K, V>> {
        let now = self.clock.now();
        let times =
            self.options.fresh.times(&self.ages, None, (&entry.key, &entry.value), entry.hash, || now);
        let Some(times) = times else { return Err(entry) };
        let mut inserted = self.table.insert(Entry { times, ..entry }, None, now);
        drop(held);
        self.note_inserted(&mut inserted);
        Ok(inserted)
    }
}

/// After a panic in the body: lets go of those who wait, then goes on with it. Not while unwinding, where a second panic,
/// out of a drop that this causes, would end the process.
#[cold]
fn give_up<K, V>(timing: Timing<'_>, lease: BareLease<'_, K, V>, panic: Box<dyn Any + Send>) -> !
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    drop(timing);
    drop(lease);
    resume_unwind(panic)
}
