//! Random: any entry leaves. No state to speak of, and no pattern of accesses that makes it fail badly.

use super::hash::Dice;
use super::links::make_room;
use super::{Entries, Policy, Record, Slot};

/// In `places` for a slot that is not resident.
const OUT: u32 = u32::MAX;

/// Uniformly random eviction, the same on every run for a seed. 8 bytes per entry; each call is O(1).
#[derive(Debug)]
pub struct Random {
    slots: Vec<Slot>,
    /// Where each slot is in `slots`.
    places: Vec<u32>,
    dice: Dice,
    capacity: usize,
}

impl Random {
    /// For a cache of `capacity` entries.
    pub fn new(capacity: usize, seed: u64) -> Self {
        Self { slots: Vec::new(), places: Vec::new(), dice: Dice::new(seed), capacity }
    }

    fn take_at(&mut self, place: usize) -> Slot {
        let slot = self.slots.swap_remove(place);
        self.places[slot as usize] = OUT;
        if let Some(&moved) = self.slots.get(place) {
            self.places[moved as usize] = place as u32;
        }
        slot
    }
}

impl Policy for Random {
    fn with_capacity(capacity: usize) -> Self {
        Self::new(capacity, 1)
    }

    fn record(&self) -> Record {
        Record::None
    }

    fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity;
    }

    fn insert(&mut self, slot: Slot, _hash: u64) {
        make_room(&mut self.places, slot, self.capacity, OUT);
        self.places[slot as usize] = self.slots.len() as u32;
        let last = self.slots.len() as u32;
        make_room(&mut self.slots, last, self.capacity, slot);
    }

    fn evict(&mut self, _incoming: u64, _entries: &mut dyn Entries) -> Option<Slot> {
        if self.slots.is_empty() {
            return None;
        }
        let place = self.dice.roll(self.slots.len() as u64) as usize;
        Some(self.take_at(place))
    }

    fn remove(&mut self, slot: Slot) {
        if self.contains(slot) {
            self.take_at(self.places[slot as usize] as usize);
        }
    }

    fn len(&self) -> usize {
        self.slots.len()
    }

    fn contains(&self, slot: Slot) -> bool {
        self.places.get(slot as usize).is_some_and(|&place| place != OUT)
    }

    fn bytes(&self) -> usize {
        (self.slots.capacity() + self.places.capacity()) * size_of::<u32>()
    }

    fn validate(&self) {
        let resident = self.places.iter().filter(|&&place| place != OUT).count();
        assert_eq!(resident, self.slots.len());
        for (place, &slot) in self.slots.iter().enumerate() {
            assert_eq!(self.places[slot as usize] as usize, place, "slots and places are inverse");
        }
    }
}
