//! Single flight: at most one load per key, and the lease under which it may publish.
//!
//! A load is entered here before its body runs and leaves when it has landed. While it is entered, it is the only
//! one that may write to its key. Whoever invalidates the key takes the flight off the list: what it brings is then
//! given to those who were waiting for it already, but is not stored, and whoever comes later starts anew. That
//! is all there is to the lease: *on the list* means *may publish*, and both happen under one lock.

use std::any::Any;
use std::sync::Arc;

use crate::batch::chunk::Chunk;
use crate::context;
use crate::flight::{Draft, Flight};
use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::sync::{Guard, Mutex, MutexGuard, Padded, assert_unguarded, boxed, processors};

mod bare;
mod list;

pub(crate) use bare::BareLease;
use list::List;

/// What a caller that found nothing is to do.
pub(crate) enum Boarding {
    /// Run the body, under a [lease](Lease) of this.
    Lead(Arc<Flight>),
    /// Wait for another's.
    Join(Arc<Flight>),
}

/// Whether a key is the one that is looked for. User code.
pub(crate) type IsKey<'a> = &'a dyn Fn(&dyn Any) -> bool;

/// Most lists that a cache has.
const MOST: usize = 32;

/// Keeps a list as it is.
#[expect(dead_code, reason = "it is held, and that is all")]
pub(crate) struct Held<'a>(Guard<MutexGuard<'a, List>>);

/// The running loads of a cache. The locks share the keys out among them, but are held for a few instructions only:
/// nobody waits for a load of another key.
pub(crate) struct Flights {
    lists: Box<[Padded<Mutex<List>>]>,
    /// Loads that have lost their lease and still run.
    revoked: AtomicUsize,
    /// Whether nobody joins a load: who comes while one runs leads another beside it.
    alone: bool,
}

impl Flights {
    pub(crate) fn new(alone: bool) -> Self {
        let threads = processors();
        let lists = (threads * 2).min(MOST).next_power_of_two();
        let lists = boxed(lists, || Padded(Mutex::new(List::new())));
        Self { lists, revoked: AtomicUsize::new(0), alone }
    }

    fn list(&self, hash: u64) -> &Mutex<List> {
        &self.lists[self.list_of(hash)]
    }

    #[inline]
    fn list_of(&self, hash: u64) -> usize {
        (hash >> 32) as usize & (self.lists.len() - 1)
    }

    /// Whose loads they are: to compare with, nothing else.
    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// Joins the load of this key, or enters one.
    pub(crate) fn board(&self, hash: u64, is_key: IsKey<'_>, draft: Draft) -> Boarding {
        // Keys are compared with the list unlocked, so loads of other keys with the same hash are put aside.
        let mut strangers: Vec<Arc<Flight>> = Vec::new();
        let flight = loop {
            let other = {
                let mut list = self.list(hash).lock();
                let Some(other) = list.unknown(self.address(), hash, &strangers) else {
                    break list.enter(self.address(), draft);
                };
                if !self.alone {
                    other.join();
                }
                Arc::clone(other)
            };
            assert_unguarded();
            if !is_key(other.any_key()) {
                strangers.push(other);
            } else if self.alone && !other.is_outdated() {
                break self.beside(is_key, draft);
            } else if other.is_orphaned() {
                self.revoke(hash, is_key);
            } else if other.is_outdated() {
                self.revoke_one(&other);
                self.assert_not_inside(is_key);
            } else {
                return Boarding::Join(other);
            }
        };
        Boarding::Lead(flight)
    }

    /// A load that is on no list, as if it had lost its lease: nobody joins it, and it stores nothing.
    ///
    /// # Panics
    /// If this caller is inside of a load of the same key, which would never end.
    #[cold]
    fn beside(&self, is_key: IsKey<'_>, draft: Draft) -> Arc<Flight> {
        self.assert_not_inside_any(is_key, false);
        let flight = Arc::new(Flight::new(self.address(), draft));
        self.note_revoked(&flight, true);
        flight
    }

    /// Enters a load in the place of any other of this key, which thereby loses its lease.
    pub(crate) fn take_over(&self, hash: u64, is_key: IsKey<'_>, draft: Draft) -> Arc<Flight> {
        let (mut list, old) = self.revoke_and_hold(hash, is_key);
        if let Some(old) = &old {
            old.supersede();
        }
        let flight = list.enter(self.address(), draft);
        // With the list unlocked: the key of the other one may be dropped.
        drop(list);
        drop(old);
        flight
    }

    /// The same in the place of this load alone; `None` if it is on its list no more.
    #[cold]
    pub(crate) fn take_over_from(&self, flight: &Arc<Flight>, draft: Draft) -> Option<Arc<Flight>> {
        let mut list = self.list(flight.hash).lock();
        // Not the last hold of it, so that no key is dropped here.
        list.take_off(flight)?;
        self.note_revoked(flight, true);
        flight.supersede();
        Some(list.enter(self.address(), draft))
    }

    /// Takes the lease from the load of this key, if one runs.
    pub(crate) fn revoke(&self, hash: u64, is_key: IsKey<'_>) {
        let (list, revoked) = self.revoke_and_hold(hash, is_key);
        drop(list);
        drop(revoked);
    }

    /// Takes the lease from this load.
    #[cold]
    fn revoke_one(&self, flight: &Arc<Flight>) {
        let mut list = self.list(flight.hash).lock();
        self.note_revoked(flight, list.take_off(flight).is_some());
    }

    /// Takes the lease from the load of this key; its list, held, and the load.
    fn revoke_and_hold(
        &self,
        hash: u64,
        is_key: IsKey<'_>,
    ) -> (Guard<MutexGuard<'_, List>>, Option<Arc<Flight>>) {
        let mut strangers: Vec<Arc<Flight>> = Vec::new();
        let mut same: Option<Arc<Flight>> = None;
        loop {
            let other = {
                let mut list = self.list(hash).lock();
                if let Some(same) = &same {
                    self.note_revoked(same, list.take_off(same).is_some());
                }
                let Some(other) = list.unknown(self.address(), hash, &strangers) else {
                    return (list, same);
                };
                Arc::clone(other)
            };
            assert_unguarded();
            if is_key(other.any_key()) {
                same = Some(other);
            } else {
                strangers.push(other);
            }
        }
    }

    /// Takes the lease from all running loads.
    pub(crate) fn revoke_all(&self) {
        for list in &self.lists {
            let flights = {
                let mut list = list.lock();
                let flights = list.drain(self.address());
                flights.iter().for_each(|flight| self.note_revoked(flight, true));
                flights
            };
            drop(flights);
        }
    }

    fn note_revoked(&self, flight: &Flight, revoked: bool) {
        if revoked {
            flight.revoke();
            self.revoked.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A load ends: takes it off its list. If it was still on it, nobody can begin or revoke one of its key as long as what
    /// is returned lives; no user code may run meanwhile.
    pub(crate) fn end(&self, flight: &Arc<Flight>) -> Option<Held<'_>> {
        let mut list = self.list(flight.hash).lock();
        if list.end(flight) {
            return Some(Held(list));
        }
        self.revoked.fetch_sub(1, Ordering::Relaxed);
        None
    }

    /// Panics, naming the circle, if this caller is inside of a load of the same key that has lost its lease: a load that
    /// still has it is found on the list, and waiting for it is refused.
    pub(crate) fn assert_not_inside(&self, is_key: IsKey<'_>) {
        if self.revoked.load(Ordering::Relaxed) != 0 {
            self.assert_not_inside_any(is_key, true);
        }
    }

    /// The same of any load, or only of those that have lost their lease.
    #[cold]
    fn assert_not_inside_any(&self, is_key: IsKey<'_>, revoked: bool) {
        context::assert_not_inside(&|frame| {
            // Another function's loads may be of the same type.
            let home = self.address();
            let flight = frame
                .downcast_ref::<Flight>()
                .filter(|flight| flight.home == home && (flight.is_revoked() || !revoked))
                .is_some_and(|flight| is_key(flight.any_key()));
            flight || frame.downcast_ref::<Chunk>().is_some_and(|chunk| chunk.loads(home, is_key))
        });
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.lists.iter().all(|list| list.lock().is_empty())
    }
}
