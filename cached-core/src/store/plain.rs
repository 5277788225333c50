//! The short way of a load into a store where nothing is asked of a value but that it is kept: most loads take it.

use std::ops::Deref;

use super::Store;
use super::load::give_up;
use crate::clock::Time;
use crate::engine::entry::Entry;
use crate::engine::table::{Garbage, Inserted};
use crate::flight::{Landing, take_key};
use crate::flights::{BareLease, Flights, Held};
use crate::lease::Lease;
use crate::level;
use crate::outcome::Outcome;

/// Runs a body, and takes apart what it returns; whether that is a value.
fn run<R: Outcome<MODE>, const MODE: u8>(
    body: &mut Option<impl FnOnce() -> R>,
    result: &mut Option<Result<R::Kept, R::Failure>>,
) -> bool {
    let returned = body.take().expect("a body runs once")().split();
    result.insert(returned).is_ok()
}

impl<K, V> Store<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Runs a body that nobody waits for yet, outside of any other, and stores what it returns.
    pub(super) fn lead_bare<R, const MODE: u8>(
        &self,
        hash: u64,
        lease: BareLease<'_>,
        body: impl FnOnce() -> R,
    ) -> R
    where
        K: Clone,
        V: Clone,
        R: Outcome<MODE, Kept = V>,
    {
        let (mut body, mut result) = (Some(body), None);
        // The value is copied as part of the load: what its `Clone` calls may want it.
        let run = || {
            self.core.run_bare(&mut || run(&mut body, &mut result))?;
            Ok(result.expect("a body that has ended has returned").map(|value| (value.clone(), value)))
        };
        match level::inside(&lease, run) {
            Err(panic) => give_up(lease, panic),
            Ok(Ok((own, value))) => R::from_kept(self.land_bare(hash, lease, own, value)),
            Ok(Err(failure)) => {
                let mut key: Option<K> = None;
                if let Err(lease) = lease.end(&mut |room| key = take_key(room)) {
                    lease.land(|| R::share(&failure).map_or(Landing::Nothing, Landing::Failure));
                }
                R::from_failure(failure)
            }
        }
    }

    /// Stores a value that comes in the place of nothing. What the caller is given.
    #[inline]
    fn land_bare(&self, hash: u64, lease: BareLease<'_>, own: V, value: V) -> V
    where
        K: Clone,
        V: Clone,
    {
        // Before the list is held: the clock may be a test's own.
        let now = self.now();
        let mut key = None;
        match lease.end(&mut |room| key = take_key(room)) {
            Ok(held) => {
                let key = key.expect("a load has a key");
                if self.is_plain {
                    drop(self.keep_plain(held, hash, key, value));
                } else {
                    drop(self.keep_simple(held, Entry::plain(hash, key, value), now));
                }
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
    pub(super) fn land_plain<H>(&self, mut lease: Lease<H>, value: V) -> V
    where
        K: Clone,
        V: Clone,
        H: Deref<Target = Flights>,
    {
        let hash = lease.flight().hash;
        let (own, key) = lease.inside(|| (value.clone(), lease.flight().key::<K>().clone()));
        let Some(held) = lease.hold() else {
            let removed = self.take_back(&lease, hash);
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
    pub(super) fn keep_plain(&self, held: Held<'_>, hash: u64, key: K, value: V) -> Garbage {
        let mut garbage = Garbage::new();
        let change = self.table.insert_simple(hash, (key, value), None, &mut garbage);
        drop(held);
        self.core.note_inserted(&self.table, change, &mut garbage);
        garbage
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
