//! The running loads that share a lock.

use std::sync::Arc;

use hashbrown::HashTable;

use crate::flight::{Draft, Flight, Label};

/// Whose loads they are.
pub(super) struct Origin<K> {
    /// The address of the list of all of them: to compare with, nothing else.
    pub(super) home: usize,
    pub(super) label: Label<K>,
}

impl<K> Clone for Origin<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Origin<K> {}

/// A load of which nobody has asked more than that it be entered. Most begin and end as this. Who looks for one of its hash, to
/// join it or to take its lease, and who is called from its body, [raises](List::raise) it to a flight.
struct Bare<K> {
    /// Never another's in this list.
    number: u64,
    hash: u64,
    key: K,
    /// See [`Draft::bare`].
    process: u32,
}

enum Seat<K, V> {
    Bare(Bare<K>),
    Flight(Arc<Flight<K, V>>),
}

/// Some of the running loads. Nearly always there is one or none, which must cost next to nothing; there may be
/// thousands.
pub(super) struct List<K, V> {
    first: Option<Seat<K, V>>,
    others: HashTable<Arc<Flight<K, V>>>,
    /// What became of bare loads that were raised, until their leaders fetch them.
    raised: Vec<(u64, Arc<Flight<K, V>>)>,
    /// The number of the last bare load.
    number: u64,
    /// One that has landed, whose memory is the next one's once nobody looks at it any more.
    spare: Option<Arc<Flight<K, V>>>,
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> List<K, V> {
    pub(super) const fn new() -> Self {
        Self { first: None, others: HashTable::new(), raised: Vec::new(), number: 0, spare: None }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none() && self.others.is_empty()
    }

    /// Enters a load of which there is no more to say, where no other is. Its number.
    #[inline]
    pub(super) fn enter_bare(&mut self, hash: u64, key: K, process: u32) -> u64 {
        debug_assert!(self.is_empty());
        self.number += 1;
        self.first = Some(Seat::Bare(Bare { number: self.number, hash, key, process }));
        self.number
    }

    /// Takes a bare load off, if it is still one, and on the list; its key.
    #[inline]
    pub(super) fn take_bare(&mut self, number: u64) -> Option<K> {
        match self.first.take() {
            Some(Seat::Bare(bare)) if bare.number == number => Some(bare.key),
            other => {
                self.first = other;
                None
            }
        }
    }

    /// What became of a bare load, and now is for its leader to end.
    #[cold]
    pub(super) fn fetch(&mut self, number: u64) -> Arc<Flight<K, V>> {
        let at = self.raised.iter().position(|(raised, _)| *raised == number);
        let (_, flight) = self.raised.swap_remove(at.expect("a load that is no longer bare was raised"));
        if self.raised.is_empty() {
            self.raised = Vec::new();
        }
        flight
    }

    /// The flight of a load that was entered bare.
    #[cold]
    pub(super) fn flight_of(&mut self, number: u64, origin: Origin<K>) -> Option<Arc<Flight<K, V>>> {
        if matches!(&self.first, Some(Seat::Bare(bare)) if bare.number == number) {
            self.raise(origin);
        }
        self.raised.iter().find(|(raised, _)| *raised == number).map(|(_, flight)| Arc::clone(flight))
    }

    /// Makes a flight of a bare load.
    #[cold]
    fn raise(&mut self, Origin { home, label }: Origin<K>) {
        let seat = match self.first.take() {
            Some(Seat::Bare(Bare { number, hash, key, process })) => {
                let flight = Arc::new(Flight::new(home, label, Draft::bare(hash, key, process)));
                self.raised.push((number, Arc::clone(&flight)));
                Some(Seat::Flight(flight))
            }
            other => other,
        };
        self.first = seat;
    }

    /// Enters a load that is about to run.
    #[inline]
    pub(super) fn enter(&mut self, origin: Origin<K>, draft: Draft<K>) -> Arc<Flight<K, V>> {
        let mut spare = self.spare.take();
        let flight = match spare.as_mut().and_then(Arc::get_mut) {
            Some(place) => {
                place.refill(draft);
                spare.expect("it is there")
            }
            None => Arc::new(Flight::new(origin.home, origin.label, draft)),
        };
        self.insert(Arc::clone(&flight));
        flight
    }

    #[inline]
    fn insert(&mut self, flight: Arc<Flight<K, V>>) {
        if self.first.is_none() {
            self.first = Some(Seat::Flight(flight));
        } else {
            self.others.insert_unique(flight.hash, flight, |flight| flight.hash);
        }
    }

    /// A flight with this hash that is none of those known.
    #[inline]
    pub(super) fn unknown(
        &mut self,
        origin: Origin<K>,
        hash: u64,
        known: &[Arc<Flight<K, V>>],
    ) -> Option<&Arc<Flight<K, V>>> {
        if matches!(&self.first, Some(Seat::Bare(bare)) if bare.hash == hash) {
            self.raise(origin);
        }
        let is_it = |flight: &&Arc<Flight<K, V>>| {
            flight.hash == hash && !known.iter().any(|known| Arc::ptr_eq(known, flight))
        };
        let first = self.first_flight().filter(is_it);
        if first.is_some() || self.others.is_empty() {
            return first;
        }
        self.others.iter_hash(hash).find(is_it)
    }

    #[inline]
    fn first_flight(&self) -> Option<&Arc<Flight<K, V>>> {
        match &self.first {
            Some(Seat::Flight(flight)) => Some(flight),
            _ => None,
        }
    }

    /// Takes a flight off, if it is on; the list's hold of it.
    #[inline]
    pub(super) fn take_off(&mut self, flight: &Arc<Flight<K, V>>) -> Option<Arc<Flight<K, V>>> {
        match self.first.take() {
            Some(Seat::Flight(first)) if Arc::ptr_eq(&first, flight) => return Some(first),
            other => self.first = other,
        }
        let found = self.others.find_entry(flight.hash, |other| Arc::ptr_eq(other, flight)).ok()?;
        let (flight, _) = found.remove();
        if self.others.is_empty() {
            // A burst leaves no memory behind.
            self.others = HashTable::new();
        }
        Some(flight)
    }

    /// Takes off one that ends with its lease; whether it was on. One that loses its lease goes on, and what is yet to be said of it
    /// would be said of the next: its memory is not kept.
    #[inline]
    pub(super) fn end(&mut self, flight: &Arc<Flight<K, V>>) -> bool {
        let Some(ended) = self.take_off(flight) else { return false };
        if ended.leaves_only_memory() {
            self.spare = Some(ended);
        }
        true
    }

    /// Takes all off.
    pub(super) fn drain(&mut self, origin: Origin<K>) -> Vec<Arc<Flight<K, V>>> {
        self.raise(origin);
        let mut all = Vec::with_capacity(self.others.len() + 1);
        if let Some(Seat::Flight(flight)) = self.first.take() {
            all.push(flight);
        }
        all.extend(std::mem::take(&mut self.others));
        all
    }
}
