//! Errors that are kept for a while.
//!
//! They lie in a table of their own: a hit does not have to tell them from values, and a function without `errors` does not have
//! one. What both tables hold together is what the bounds bound. Errors take a quarter of the room at the most, the oldest leaving
//! for the next; a value that needs room takes that of an error first, and an error takes that of the value that is next to leave.
//!
//! One writer a key holds for both tables. Whoever has the lease of a key has taken the error of that key out, so what a load brings
//! is never stored beside an error, nor an error beside a value that has not ended.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{Ordering, fence};

use super::{Core, Store};
use crate::engine::order::Ticket;
use crate::engine::table::{Inserted, RawTable, Removed};
use crate::errors::Errors;
use crate::flight::matching;
use crate::flights::Flights;
use crate::info::Count;
use crate::key::Lookup;
use crate::lease::Lease;
use crate::outcome::{Outcome, SharedFailure};
use crate::sync::assert_unguarded;

/// What had to go for an error: to be dropped once those who wait have been told.
pub(crate) struct Debris {
    _inserted: Inserted,
    _evicted: Vec<Removed>,
}

impl<K, V> Store<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// The error that a key is answered with, where one is kept; counted.
    #[inline]
    pub(crate) fn kept_error<R, const MODE: u8>(&self, hash: u64, key: &impl Lookup<K>) -> Option<R>
    where
        R: Outcome<MODE, Kept = V>,
    {
        self.errors.as_deref().and_then(|errors| self.kept_among(errors, hash, key))
    }

    fn kept_among<R, const MODE: u8>(&self, errors: &dyn Errors, hash: u64, key: &impl Lookup<K>) -> Option<R>
    where
        R: Outcome<MODE, Kept = V>,
    {
        let now = self.clock.now();
        self.count_removed(errors.sweep(now));
        assert_unguarded();
        let failure = errors.get(hash, &matching(key), now)?;
        let failure = R::unshare(&*failure)?;
        self.counters.one(Count::Hits);
        Some(R::from_failure(failure))
    }

    /// The same for a caller that has just got the lease: without an answer no error of this key is left.
    #[inline]
    pub(crate) fn kept_error_at_last<R, const MODE: u8>(&self, hash: u64, key: &impl Lookup<K>) -> Option<R>
    where
        R: Outcome<MODE, Kept = V>,
    {
        self.errors.as_ref()?;
        let kept = self.kept_error(hash, key);
        if kept.is_none() {
            self.forget_error(hash, key);
        }
        kept
    }

    /// Takes the error of a key out; whether there was one that had not ended.
    pub(crate) fn forget_error(&self, hash: u64, key: &impl Lookup<K>) -> bool {
        let Some(errors) = self.errors.as_deref() else { return false };
        self.count_removed(errors.forget(hash, &matching(key), self.clock.now())) > 0
    }

    /// Keeps the error of a load that has failed, unless the lease is lost or there is a value that has not ended. The lease ends
    /// with it. `shared` makes the error one that others can be told.
    pub(crate) fn keep_error<H>(
        &self,
        lease: &mut Lease<H>,
        replaced: Option<Ticket>,
        shared: impl FnOnce() -> Option<SharedFailure>,
    ) -> Option<(SharedFailure, Debris)>
    where
        K: Clone,
        H: Deref<Target = Flights>,
    {
        let errors = self.errors.as_deref()?;
        let hash = lease.flight().hash;
        if replaced.is_some_and(|ticket| self.table.value_of(hash, ticket, self.now(), |_| ()).is_some()) {
            return None;
        }
        assert_unguarded();
        let failure = lease.inside(shared)?;
        let key = lease.inside(|| Box::new(lease.flight().key::<K>().clone()));
        let now = self.clock.now();
        let flight = Arc::clone(lease.flight());
        let inserted = self.while_current(&flight, |tags| {
            lease.publish(|| errors.put(hash, key, Arc::clone(&failure), tags, now))
        })?;
        self.counters.some(Count::Evictions, inserted.change.evicted);
        let mut evicted = Vec::new();
        while self.is_crowded(&self.table, errors.len()) && self.table.len() > 0 {
            evicted.push(self.table.evict());
            self.counters.one(Count::Evictions);
        }
        if self.tags_of_error(&flight).is_err() {
            // A tag was invalidated since: nobody is answered with it, and it need not stay.
            self.count_removed(errors.take(hash, inserted.change.ticket, now));
        }
        Some((failure, Debris { _inserted: inserted, _evicted: evicted }))
    }
}

impl Core {
    /// Takes all errors out; how many there were that had not ended.
    pub(super) fn clear_errors(&self) -> usize {
        self.errors.as_deref().map_or(0, |errors| self.count_removed(errors.clear(self.clock.now())))
    }

    pub(super) fn sweep_errors(&self) {
        if let Some(errors) = self.errors.as_deref() {
            self.count_removed(errors.sweep(self.clock.now()));
        }
    }

    pub(super) fn count_errors(&self) -> usize {
        self.errors.as_deref().map_or(0, Errors::len)
    }

    /// Lets errors leave for a value that has come.
    pub(super) fn crowd_errors_out(&self, table: &RawTable) -> Vec<Removed> {
        let mut evicted = Vec::new();
        if let Some(errors) = self.errors.as_deref() {
            while errors.len() > 0 && self.is_crowded(table, errors.len()) {
                evicted.push(errors.evict());
                self.counters.one(Count::Evictions);
            }
        }
        evicted
    }

    /// Whether values and errors are too many together.
    fn is_crowded(&self, table: &RawTable, errors: usize) -> bool {
        // Of two writers, one for each table, one at least sees what both have stored.
        fence(Ordering::SeqCst);
        let bound = &self.options.bound;
        bound.max.is_some_and(|max| table.len() + errors > max)
            || bound.max_weight.is_some_and(|max| table.weight() > max.saturating_sub(errors as u64))
    }
}
