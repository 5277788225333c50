//! The running loads that share a lock.

use std::sync::Arc;

use hashbrown::HashTable;

use crate::flight::{AnyKey, Draft, Flight, Room};

/// A load of which nobody has asked more than that it be entered. Most begin and end as this. Who looks for one of its hash, to
/// join it or to take its lease, and who is called from its body, [raises](List::raise) it to a flight.
struct Bare {
    /// Never another's in this list.
    number: u64,
    hash: u64,
    /// See [`Draft::bare`].
    process: u32,
}

enum Seat {
    Bare(Bare),
    Flight(Arc<Flight>),
}

/// Some of the running loads. Nearly always there is one or none, which must cost next to nothing; there may be
/// thousands.
pub(super) struct List {
    first: Option<Seat>,
    /// The key of a bare load.
    room: Room,
    others: HashTable<Arc<Flight>>,
    /// What became of bare loads that were raised, until their leaders fetch them.
    raised: Vec<(u64, Arc<Flight>)>,
    /// The number of the last bare load.
    number: u64,
    /// One that has landed, whose memory is the next one's once nobody looks at it any more.
    spare: Option<Arc<Flight>>,
}

impl List {
    pub(super) const fn new() -> Self {
        Self { first: None, room: None, others: HashTable::new(), raised: Vec::new(), number: 0, spare: None }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none() && self.others.is_empty()
    }

    /// Enters a load of which there is no more to say, where no other is, and whose key `put` moves into the room. Its number.
    #[inline]
    pub(super) fn enter_bare(&mut self, hash: u64, put: &mut dyn FnMut(&mut Room), process: u32) -> u64 {
        debug_assert!(self.is_empty());
        put(&mut self.room);
        self.number += 1;
        self.first = Some(Seat::Bare(Bare { number: self.number, hash, process }));
        self.number
    }

    /// Takes a bare load off, if it is still one, and on the list; `take` takes its key. Whether it was.
    #[inline]
    pub(super) fn take_bare(&mut self, number: u64, take: &mut dyn FnMut(&mut dyn AnyKey)) -> bool {
        if !self.is_bare(number) {
            return false;
        }
        self.first = None;
        take(&mut **self.room.as_mut().expect("a bare load has a key"));
        true
    }

    /// The same where nobody knows the type: the key.
    #[cold]
    pub(super) fn drop_bare(&mut self, number: u64) -> Option<Box<dyn AnyKey>> {
        if !self.is_bare(number) {
            return None;
        }
        self.first = None;
        self.room.take()
    }

    #[inline]
    fn is_bare(&self, number: u64) -> bool {
        matches!(&self.first, Some(Seat::Bare(bare)) if bare.number == number)
    }

    /// What became of a bare load, and now is for its leader to end.
    #[cold]
    pub(super) fn fetch(&mut self, number: u64) -> Arc<Flight> {
        let at = self.raised.iter().position(|(raised, _)| *raised == number);
        let (_, flight) = self.raised.swap_remove(at.expect("a load that is no longer bare was raised"));
        if self.raised.is_empty() {
            self.raised = Vec::new();
        }
        flight
    }

    /// The flight of a load that was entered bare.
    #[cold]
    pub(super) fn flight_of(&mut self, number: u64, home: usize) -> Option<Arc<Flight>> {
        if self.is_bare(number) {
            self.raise(home);
        }
        self.raised.iter().find(|(raised, _)| *raised == number).map(|(_, flight)| Arc::clone(flight))
    }

    /// Makes a flight of a bare load.
    #[cold]
    fn raise(&mut self, home: usize) {
        let Some(Seat::Bare(Bare { number, hash, process })) = self.first else { return };
        let key = self.room.take().expect("a bare load has a key");
        let flight = Arc::new(Flight::new(home, Draft::bare(hash, key, process)));
        self.raised.push((number, Arc::clone(&flight)));
        self.first = Some(Seat::Flight(flight));
    }

    /// Enters a load that is about to run.
    pub(super) fn enter(&mut self, home: usize, draft: Draft) -> Arc<Flight> {
        let mut spare = self.spare.take();
        let flight = match spare.as_mut().and_then(Arc::get_mut) {
            Some(place) => {
                place.refill(draft);
                spare.expect("it is there")
            }
            None => Arc::new(Flight::new(home, draft)),
        };
        self.insert(Arc::clone(&flight));
        flight
    }

    fn insert(&mut self, flight: Arc<Flight>) {
        if self.first.is_none() {
            self.first = Some(Seat::Flight(flight));
        } else {
            self.others.insert_unique(flight.hash, flight, |flight| flight.hash);
        }
    }

    /// A flight with this hash that is none of those known.
    #[inline]
    pub(super) fn unknown(&mut self, home: usize, hash: u64, known: &[Arc<Flight>]) -> Option<&Arc<Flight>> {
        if matches!(&self.first, Some(Seat::Bare(bare)) if bare.hash == hash) {
            self.raise(home);
        }
        let is_it = |flight: &&Arc<Flight>| {
            flight.hash == hash && !known.iter().any(|known| Arc::ptr_eq(known, flight))
        };
        let first = self.first_flight().filter(is_it);
        if first.is_some() || self.others.is_empty() {
            return first;
        }
        self.others.iter_hash(hash).find(is_it)
    }

    #[inline]
    fn first_flight(&self) -> Option<&Arc<Flight>> {
        match &self.first {
            Some(Seat::Flight(flight)) => Some(flight),
            _ => None,
        }
    }

    /// Takes a flight off, if it is on; the list's hold of it.
    pub(super) fn take_off(&mut self, flight: &Arc<Flight>) -> Option<Arc<Flight>> {
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
    pub(super) fn end(&mut self, flight: &Arc<Flight>) -> bool {
        let Some(ended) = self.take_off(flight) else { return false };
        if ended.leaves_only_memory() {
            self.spare = Some(ended);
        }
        true
    }

    /// Takes all off.
    pub(super) fn drain(&mut self, home: usize) -> Vec<Arc<Flight>> {
        self.raise(home);
        let mut all = Vec::with_capacity(self.others.len() + 1);
        if let Some(Seat::Flight(flight)) = self.first.take() {
            all.push(flight);
        }
        all.extend(std::mem::take(&mut self.others));
        all
    }
}
