//! Single flight: at most one load per key, and the lease under which it may publish.
//!
//! A load is entered here before its body runs and leaves when it has landed. While it is entered, it is the only
//! one that may write to its key. Whoever invalidates the key takes the flight off the list: what it brings is then
//! given to those who were waiting for it already, but is not stored, and whoever comes later starts anew. That
//! is all there is to the lease: *on the list* means *may publish*, and both happen under one lock.

use std::any::Any;
use std::fmt;
use std::hash::Hasher;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use hashbrown::HashTable;

use crate::context::{self, Frame};
use crate::key::Lookup;
use crate::outcome::SharedFailure;
use crate::ride::Ride;
use crate::sync::{Gate, Mutex, Padded, assert_unguarded};

/// How a load is named to people: `price(7, "EUR")`.
pub(crate) struct Label<K> {
    /// The function's name, without its path.
    pub(crate) name: &'static str,
    /// How its key is shown, where it can be.
    pub(crate) debug: Option<fn(&K, &mut fmt::Formatter<'_>) -> fmt::Result>,
    /// Whether the key is a tuple of arguments and so brings the parentheses along.
    pub(crate) tuple: bool,
}

impl<K> Clone for Label<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Label<K> {}

impl<K> Label<K> {
    pub(crate) fn fmt(&self, key: &K, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        match self.debug {
            None => f.write_str("(..)"),
            Some(debug) if self.tuple => debug(key, f),
            Some(debug) => {
                f.write_str("(")?;
                debug(key, f)?;
                f.write_str(")")
            }
        }
    }
}

/// What a load brought for those who waited.
pub(crate) enum Landing<V> {
    Value(V),
    Failure(SharedFailure),
    /// Nothing that could be shared, a panic for one: whoever waited sees for himself.
    Nothing,
}

/// One running load.
pub(crate) struct Flight<K, V> {
    /// The address of the [`Flights`] it belongs to: to compare with, nothing else.
    home: usize,
    hash: u64,
    pub(crate) key: K,
    label: Label<K>,
    /// The load it was called from, until it lands: a chain of loads must not be kept alive by who waited for one.
    parent: Mutex<Option<Arc<dyn Frame>>>,
    /// Whether anybody waits or is about to.
    joined: AtomicBool,
    /// Whether it has lost its lease.
    revoked: AtomicBool,
    /// Whether it has lost it to another writer of its key.
    superseded: AtomicBool,
    landing: OnceLock<Landing<V>>,
    pub(crate) gate: Gate,
    /// Where tasks ride along: what they drive.
    pub(crate) ride: Ride,
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Flight<K, V> {
    /// A load that this thread is about to run.
    fn enter(home: &Flights<K, V>, hash: u64, key: K, label: Label<K>) -> Arc<Self> {
        let parent = Mutex::new(context::current());
        let (joined, landing, gate) = (AtomicBool::new(false), OnceLock::new(), Gate::default());
        let (revoked, superseded, ride) = (AtomicBool::new(false), AtomicBool::new(false), Ride::default());
        let home = std::ptr::from_ref(home).addr();
        Arc::new(Self { home, hash, key, label, parent, joined, revoked, superseded, landing, gate, ride })
    }

    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    /// Waits for the load to land. Panics where waiting would never end, naming the cycle.
    pub(crate) fn wait(self: &Arc<Self>) -> &Landing<V> {
        if self.landing.get().is_none() {
            let frame: Arc<dyn Frame> = Arc::clone(self) as _;
            let _waiting = context::wait_for(&frame);
            self.gate.wait();
        }
        self.landing.get().expect("the gate opens after the landing")
    }

    /// Its own leader waits for it as others do.
    pub(crate) fn join_as_leader(&self) {
        self.joined.store(true, Ordering::Relaxed);
    }

    /// What the load brought, once it has landed.
    pub(crate) fn landing(&self) -> Option<&Landing<V>> {
        self.landing.get()
    }

    fn land(&self, landing: Landing<V>) {
        // The first counts: a second comes from the end of the lease.
        if self.landing.set(landing).is_err() {
            return;
        }
        let parent = self.parent.lock().take();
        drop(parent);
        self.gate.open();
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Frame for Flight<K, V> {
    fn parent(&self) -> Option<Arc<dyn Frame>> {
        self.parent.lock().clone()
    }

    fn has_landed(&self) -> bool {
        self.landing.get().is_some()
    }

    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.label.fmt(&self.key, f)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What a caller that found nothing is to do.
pub(crate) enum Boarding<K: Send + Sync + 'static, V: Send + Sync + 'static> {
    /// Run the body.
    Lead(Lease<K, V>),
    /// Wait for another's.
    Join(Arc<Flight<K, V>>),
}

type List<K, V> = HashTable<Arc<Flight<K, V>>>;
type Locked<K, V> = Padded<Mutex<List<K, V>>>;

/// The running loads of a cache.
pub(crate) struct Flights<K, V> {
    lists: Box<[Locked<K, V>]>,
    /// Loads that have lost their lease and still run.
    revoked: AtomicUsize,
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Flights<K, V> {
    pub(crate) fn new() -> Self {
        let threads = std::thread::available_parallelism().map_or(4, std::num::NonZero::get);
        let lists = (threads * 2).min(32).next_power_of_two();
        let lists = (0..lists).map(|_| Padded(Mutex::new(HashTable::new()))).collect();
        Self { lists, revoked: AtomicUsize::new(0) }
    }

    fn list(&self, hash: u64) -> &Mutex<List<K, V>> {
        &self.lists[(hash >> 32) as usize & (self.lists.len() - 1)]
    }

    /// Joins the load of this key, or enters one.
    pub(crate) fn board(
        self: &Arc<Self>,
        hash: u64,
        key: &impl Lookup<K>,
        own: impl FnOnce() -> K,
        label: Label<K>,
    ) -> Boarding<K, V> {
        // Keys are compared with the list unlocked, so loads of other keys with the same hash are put aside.
        let mut strangers: Vec<Arc<Flight<K, V>>> = Vec::new();
        let flight = Flight::enter(self, hash, own(), label);
        loop {
            let other = {
                let mut list = self.list(hash).lock();
                let Some(other) = unknown(&list, hash, &strangers) else {
                    list.insert_unique(hash, Arc::clone(&flight), |flight| flight.hash);
                    return Boarding::Lead(Lease {
                        flights: Arc::clone(self),
                        flight,
                        open: true,
                        same: None,
                    });
                };
                // Before the list is unlocked: a leader that finds nobody waiting keeps its result to itself.
                other.joined.store(true, Ordering::Relaxed);
                Arc::clone(other)
            };
            assert_unguarded();
            if key.matches(&other.key) {
                return Boarding::Join(other);
            }
            strangers.push(other);
        }
    }

    /// Enters a load in the place of any other of this key, which thereby loses its lease.
    pub(crate) fn take_over(
        self: &Arc<Self>,
        hash: u64,
        key: &impl Lookup<K>,
        own: K,
        label: Label<K>,
    ) -> Lease<K, V> {
        let flight = Flight::enter(self, hash, own, label);
        self.revoke_then(hash, key, |list, old| {
            if let Some(old) = old {
                old.superseded.store(true, Ordering::Relaxed);
            }
            list.insert_unique(hash, Arc::clone(&flight), |flight| flight.hash);
        });
        Lease { flights: Arc::clone(self), flight, open: true, same: None }
    }

    /// Takes the lease from the load of this key, if one runs.
    pub(crate) fn revoke(&self, hash: u64, key: &impl Lookup<K>) {
        self.revoke_then(hash, key, |_, _| ());
    }

    fn revoke_then(
        &self,
        hash: u64,
        key: &impl Lookup<K>,
        then: impl FnOnce(&mut List<K, V>, Option<&Flight<K, V>>),
    ) {
        let mut strangers: Vec<Arc<Flight<K, V>>> = Vec::new();
        let mut same: Option<Arc<Flight<K, V>>> = None;
        loop {
            let other = {
                let mut list = self.list(hash).lock();
                if let Some(same) = &same {
                    self.note_revoked(same, take_off(&mut list, same));
                }
                let Some(other) = unknown(&list, hash, &strangers) else {
                    then(&mut list, same.as_deref());
                    return;
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
                list.iter().for_each(|flight| self.note_revoked(flight, true));
                std::mem::take(&mut *list)
            };
            drop(flights);
        }
    }

    fn note_revoked(&self, flight: &Flight<K, V>, revoked: bool) {
        if revoked {
            flight.revoked.store(true, Ordering::Relaxed);
            self.revoked.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A load has ended, under its lease or not.
    fn note_end(&self, held: bool) {
        if !held {
            self.revoked.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Panics, naming the circle, if this caller is inside of a load of the same key that has lost its lease: a load that
    /// still has it is found on the list, and waiting for it is refused.
    pub(crate) fn assert_not_inside(&self, key: &impl Lookup<K>) {
        if self.revoked.load(Ordering::Relaxed) == 0 {
            return;
        }
        context::assert_not_inside(|frame| {
            frame.downcast_ref::<Flight<K, V>>().is_some_and(|flight| {
                // Another function's loads may be of the same type.
                let is_ours = flight.home == std::ptr::from_ref(self).addr();
                is_ours && flight.revoked.load(Ordering::Relaxed) && key.matches(&flight.key)
            })
        });
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.lists.iter().all(|list| list.lock().is_empty())
    }
}

fn unknown<'a, K, V>(
    list: &'a List<K, V>,
    hash: u64,
    known: &[Arc<Flight<K, V>>],
) -> Option<&'a Arc<Flight<K, V>>> {
    list.iter_hash(hash)
        .find(|flight| flight.hash == hash && !known.iter().any(|known| Arc::ptr_eq(known, flight)))
}

/// Takes a flight off its list; whether it was on it.
fn take_off<K, V>(list: &mut List<K, V>, flight: &Arc<Flight<K, V>>) -> bool {
    match list.find_entry(flight.hash, |other| Arc::ptr_eq(other, flight)) {
        Ok(found) => {
            found.remove();
            true
        }
        Err(_) => false,
    }
}

/// The right to run a body and to publish what it returns, unless it is taken away meanwhile. Dropping it, as an
/// unwinding body does, lets go of those who wait.
pub(crate) struct Lease<K: Send + Sync + 'static, V: Send + Sync + 'static> {
    flights: Arc<Flights<K, V>>,
    flight: Arc<Flight<K, V>>,
    open: bool,
    /// How keys are compared, where this load was asked for by `refresh`.
    same: Option<fn(&K, &K) -> bool>,
}

/// A key that is looked up by itself.
struct Own<'a, K> {
    key: &'a K,
    same: fn(&K, &K) -> bool,
}

impl<K> Lookup<K> for Own<'_, K> {
    fn hash_into<H: Hasher>(&self, _: &mut H) {
        unreachable!("its flight knows the hash")
    }

    fn matches(&self, key: &K) -> bool {
        (self.same)(self.key, key)
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Lease<K, V> {
    pub(crate) fn flight(&self) -> &Arc<Flight<K, V>> {
        &self.flight
    }

    /// Makes it the load of a `refresh`.
    pub(crate) fn of_refresh(mut self, same: fn(&K, &K) -> bool) -> Self {
        self.same = Some(same);
        self
    }

    /// For a refresh that has lost its lease: whoever has it now may have read before this one did, so that its value must
    /// not be stored either. Gives the key, for what is stored already to be removed.
    pub(crate) fn revoke_others(&self) -> Option<impl Lookup<K>> {
        let own = Own { key: &self.flight.key, same: self.same? };
        self.flights.revoke(self.flight.hash, &own);
        Some(own)
    }

    /// Ends the load: `publish` runs if the lease still holds, and nobody can take it away until it is done.
    /// It must not run user code.
    pub(crate) fn publish<R>(&mut self, publish: impl FnOnce() -> R) -> Option<R> {
        let mut list = self.flights.list(self.flight.hash).lock();
        self.open = false;
        let holds = take_off(&mut list, &self.flight);
        self.flights.note_end(holds);
        holds.then(publish)
    }

    /// Whether another writer of this key has taken the lease. Certain once it has [left](Self::leave).
    pub(crate) fn is_superseded(&self) -> bool {
        self.flight.superseded.load(Ordering::Relaxed)
    }

    /// Whether anybody waits for this load. Certain once it has [left](Self::leave).
    pub(crate) fn is_joined(&self) -> bool {
        self.flight.joined.load(Ordering::Relaxed)
    }

    /// Lets those who wait go on with this value; it is cloned only if there are any.
    pub(crate) fn land_value(mut self, value: &V)
    where
        V: Clone,
    {
        self.leave();
        if self.is_joined() {
            assert_unguarded();
            self.finish(Landing::Value(value.clone()));
        }
    }

    /// Tells those who wait.
    pub(crate) fn land(mut self, landing: Landing<V>) {
        self.finish(landing);
    }

    /// Ends the load without publishing.
    pub(crate) fn leave(&mut self) {
        if std::mem::replace(&mut self.open, false) {
            let held = take_off(&mut self.flights.list(self.flight.hash).lock(), &self.flight);
            self.flights.note_end(held);
        }
    }

    /// Once it is off the list nobody can join any more: a load that nobody has joined need not land.
    fn finish(&mut self, landing: Landing<V>) {
        self.leave();
        if self.is_joined() {
            self.flight.land(landing);
        }
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Drop for Lease<K, V> {
    fn drop(&mut self) {
        // Void if the load has landed.
        self.finish(Landing::Nothing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::ByKey;

    const LABEL: Label<u64> = Label { name: "test", debug: None, tuple: false };

    fn lead(flights: &Arc<Flights<u64, u64>>, key: u64) -> Lease<u64, u64> {
        // One hash for all keys: they are told apart by comparison alone.
        match flights.board(7, &ByKey(&key), || key, LABEL) {
            Boarding::Lead(lease) => lease,
            Boarding::Join(_) => panic!("nobody else was to lead"),
        }
    }

    #[test]
    fn a_load_is_joined_until_it_ends_and_leaves_nothing() {
        let flights = Arc::new(Flights::new());
        let (one, two) = (lead(&flights, 1), lead(&flights, 2));
        let Boarding::Join(joined) = flights.board(7, &ByKey(&2), || 2, LABEL) else { panic!() };
        assert!(Arc::ptr_eq(&joined, two.flight()) && two.is_joined());
        drop(one);
        two.land(Landing::Value(20));
        assert!(matches!(joined.wait(), Landing::Value(20)));
        assert!(flights.is_empty());
    }

    #[test]
    fn a_lease_that_was_taken_away_publishes_nothing() {
        let flights = Arc::new(Flights::new());
        let (mut one, mut two) = (lead(&flights, 1), lead(&flights, 2));
        flights.revoke(7, &ByKey(&1));
        assert_eq!(one.publish(|| ()), None);
        assert_eq!(two.publish(|| ()), Some(()));
        let mut other = lead(&flights, 3);
        let mut newer = flights.take_over(7, &ByKey(&3), 3, LABEL);
        assert_eq!((other.publish(|| ()), newer.publish(|| ())), (None, Some(())));
        let mut last = lead(&flights, 4);
        flights.revoke_all();
        assert_eq!(last.publish(|| ()), None);
        assert!(flights.is_empty());
    }

    #[test]
    fn a_lease_that_is_dropped_lets_go_of_those_who_wait() {
        let flights = Arc::new(Flights::new());
        let lease = lead(&flights, 1);
        let Boarding::Join(joined) = flights.board(7, &ByKey(&1), || 1, LABEL) else { panic!() };
        drop(lease);
        assert!(matches!(joined.wait(), Landing::Nothing));
        drop(lead(&flights, 1));
    }
}
