//! Single flight: at most one load per key, and the lease under which it may publish.
//!
//! A load is entered here before its body runs and leaves when it has landed. While it is entered, it is the only
//! one that may write to its key. Whoever invalidates the key takes the flight off the list: what it brings is then
//! given to those who were waiting for it already, but is not stored, and whoever comes later starts anew. That
//! is all there is to the lease: *on the list* means *may publish*, and both happen under one lock.

use std::ops::Deref;
use std::sync::Arc;

use crate::batch::chunk::Chunk;
use crate::context;
use crate::flight::{Draft, Flight, Label};
use crate::key::Lookup;
use crate::lease::Lease;
use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::sync::{Guard, Mutex, MutexGuard, Padded, assert_unguarded, boxed, processors};
use crate::tagging::Tagging;

mod bare;
mod list;

pub(crate) use bare::BareLease;
use list::{List, Origin};

/// What a caller that found nothing is to do.
pub(crate) enum Boarding<K, V, H>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
    H: Deref<Target = Flights<K, V>>,
{
    /// Run the body.
    Lead(Lease<K, V, H>),
    /// Wait for another's.
    Join(Arc<Flight<K, V>>),
}

type Locked<K, V> = Padded<Mutex<List<K, V>>>;

/// Most lists that a cache has.
const MOST: usize = 32;

/// Keeps a list as it is.
#[expect(dead_code, reason = "it is held, and that is all")]
pub(crate) struct Held<'a, K, V>(Guard<MutexGuard<'a, List<K, V>>>);

/// The running loads of a cache. The locks share the keys out among them, but are held for a few instructions only:
/// nobody waits for a load of another key.
pub(crate) struct Flights<K, V> {
    lists: Box<[Locked<K, V>]>,
    /// Loads that have lost their lease and still run.
    revoked: AtomicUsize,
    tagging: Option<Tagging<K>>,
    label: Label<K>,
    /// Whether nobody joins a load: who comes while one runs leads another beside it.
    alone: bool,
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Flights<K, V> {
    pub(crate) fn new(tagging: Option<Tagging<K>>, label: Label<K>, alone: bool) -> Self {
        let threads = processors();
        let lists = (threads * 2).min(MOST).next_power_of_two();
        let lists = boxed(lists, || Padded(Mutex::new(List::new())));
        Self { lists, revoked: AtomicUsize::new(0), tagging, label, alone }
    }

    fn list(&self, hash: u64) -> &Mutex<List<K, V>> {
        &self.lists[self.list_of(hash)]
    }

    #[inline]
    fn list_of(&self, hash: u64) -> usize {
        (hash >> 32) as usize & (self.lists.len() - 1)
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    #[inline]
    fn origin(&self) -> Origin<K> {
        Origin { home: self.address(), label: self.label }
    }

    #[inline]
    fn draft(&self, hash: u64, key: K) -> Draft<K> {
        let tags = self.tagging.as_ref().map(|tagging| Box::new(tagging.begin(&key)));
        Draft::new(hash, key, tags)
    }

    /// Joins the load of this key, or enters one. The lease holds the list by `home`: borrowed, unless the load is to
    /// outlive its caller.
    #[inline]
    pub(crate) fn board<H: Deref<Target = Self>>(
        home: H,
        hash: u64,
        key: &impl Lookup<K>,
        own: impl FnOnce() -> K,
    ) -> Boarding<K, V, H> {
        let draft = home.draft(hash, own());
        // Keys are compared with the list unlocked, so loads of other keys with the same hash are put aside.
        let mut strangers: Vec<Arc<Flight<K, V>>> = Vec::new();
        let flight = loop {
            let other = {
                let mut list = home.list(hash).lock();
                let Some(other) = list.unknown(home.origin(), hash, &strangers) else {
                    break list.enter(home.origin(), draft);
                };
                if !home.alone {
                    other.join();
                }
                Arc::clone(other)
            };
            assert_unguarded();
            if !key.matches(&other.key) {
                strangers.push(other);
            } else if home.alone && !other.is_outdated() {
                break home.beside(key, draft);
            } else if other.is_orphaned() {
                home.revoke(hash, key);
            } else if other.is_outdated() {
                home.revoke_one(&other);
                home.assert_not_inside(key);
            } else {
                return Boarding::Join(other);
            }
        };
        Boarding::Lead(Lease::new(home, flight))
    }

    /// A load that is on no list, as if it had lost its lease: nobody joins it, and it stores nothing.
    ///
    /// # Panics
    /// If this caller is inside of a load of the same key, which would never end.
    #[cold]
    fn beside(&self, key: &impl Lookup<K>, draft: Draft<K>) -> Arc<Flight<K, V>> {
        self.assert_not_inside_any(key, false);
        let flight = Arc::new(Flight::new(self.address(), self.label, draft));
        self.note_revoked(&flight, true);
        flight
    }

    /// Enters a load in the place of any other of this key, which thereby loses its lease.
    pub(crate) fn take_over<H: Deref<Target = Self>>(
        home: H,
        hash: u64,
        key: &impl Lookup<K>,
        own: K,
    ) -> Lease<K, V, H> {
        let draft = home.draft(hash, own);
        let flight = home.revoke_then(hash, key, |list, old| {
            if let Some(old) = old {
                old.supersede();
            }
            list.enter(home.origin(), draft)
        });
        Lease::new(home, flight)
    }

    /// The same in the place of this load alone; `None` if it is on its list no more.
    #[cold]
    pub(crate) fn take_over_from<H: Deref<Target = Self>>(
        home: H,
        flight: &Arc<Flight<K, V>>,
        own: K,
    ) -> Option<Lease<K, V, H>> {
        let draft = home.draft(flight.hash, own);
        let next = {
            let mut list = home.list(flight.hash).lock();
            // Not the last hold of it, so that no key is dropped here.
            list.take_off(flight)?;
            home.note_revoked(flight, true);
            flight.supersede();
            list.enter(home.origin(), draft)
        };
        Some(Lease::new(home, next))
    }

    /// Takes the lease from the load of this key, if one runs.
    pub(crate) fn revoke(&self, hash: u64, key: &impl Lookup<K>) {
        self.revoke_then(hash, key, |_, _| ());
    }

    /// Takes the lease from this load.
    #[cold]
    fn revoke_one(&self, flight: &Arc<Flight<K, V>>) {
        let mut list = self.list(flight.hash).lock();
        self.note_revoked(flight, list.take_off(flight).is_some());
    }

    fn revoke_then<R>(
        &self,
        hash: u64,
        key: &impl Lookup<K>,
        then: impl FnOnce(&mut List<K, V>, Option<&Flight<K, V>>) -> R,
    ) -> R {
        let mut strangers: Vec<Arc<Flight<K, V>>> = Vec::new();
        let mut same: Option<Arc<Flight<K, V>>> = None;
        loop {
            let other = {
                let mut list = self.list(hash).lock();
                if let Some(same) = &same {
                    self.note_revoked(same, list.take_off(same).is_some());
                }
                let Some(other) = list.unknown(self.origin(), hash, &strangers) else {
                    return then(&mut list, same.as_deref());
                };
                Arc::clone(other)
            };
            assert_unguarded();
            if key.matches(&other.key) {
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
                let flights = list.drain(self.origin());
                flights.iter().for_each(|flight| self.note_revoked(flight, true));
                flights
            };
            drop(flights);
        }
    }

    fn note_revoked(&self, flight: &Flight<K, V>, revoked: bool) {
        if revoked {
            flight.revoke();
            self.revoked.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A load ends: takes it off its list. If it was still on it, nobody can begin or revoke one of its key as long as what
    /// is returned lives; no user code may run meanwhile.
    #[inline]
    pub(crate) fn end(&self, flight: &Arc<Flight<K, V>>) -> Option<Held<'_, K, V>> {
        let mut list = self.list(flight.hash).lock();
        if list.end(flight) {
            return Some(Held(list));
        }
        self.revoked.fetch_sub(1, Ordering::Relaxed);
        None
    }

    /// Panics, naming the circle, if this caller is inside of a load of the same key that has lost its lease: a load that
    /// still has it is found on the list, and waiting for it is refused.
    #[inline]
    pub(crate) fn assert_not_inside(&self, key: &impl Lookup<K>) {
        if self.revoked.load(Ordering::Relaxed) != 0 {
            self.assert_not_inside_any(key, true);
        }
    }

    /// The same of any load, or only of those that have lost their lease.
    #[cold]
    fn assert_not_inside_any(&self, key: &impl Lookup<K>, revoked: bool) {
        context::assert_not_inside(|frame| {
            // Another function's loads may be of the same type.
            let home = self.address();
            let flight = frame
                .downcast_ref::<Flight<K, V>>()
                .filter(|flight| flight.home == home && (flight.is_revoked() || !revoked))
                .is_some_and(|flight| key.matches(&flight.key));
            flight || frame.downcast_ref::<Chunk<K>>().is_some_and(|chunk| chunk.loads(home, key))
        });
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.lists.iter().all(|list| list.lock().is_empty())
    }
}
