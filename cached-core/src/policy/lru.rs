//! LRU: the entry whose last use is the longest ago leaves.

use super::links::{Links, List};
use super::{Entries, Policy, Record, Slot};

/// Least recently used. 8 bytes per entry; each call is O(1).
#[derive(Debug)]
pub struct Lru {
    links: Links,
    list: List,
    capacity: usize,
}

impl Lru {
    /// For a cache of `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        Self { links: Links::default(), list: List::default(), capacity }
    }

    pub(crate) fn hand_over(&mut self) -> (Links, List) {
        (std::mem::take(&mut self.links), std::mem::take(&mut self.list))
    }

    pub(crate) fn take_over(&mut self, links: Links, list: List) {
        (self.links, self.list) = (links, list);
    }
}

impl Policy for Lru {
    fn with_capacity(capacity: usize) -> Self {
        Self::new(capacity)
    }

    fn record(&self) -> Record {
        Record::Events
    }

    fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity;
    }

    fn insert(&mut self, slot: Slot, _hash: u64) {
        self.links.make_room(slot, self.capacity);
        self.links.push_front(&mut self.list, slot);
    }

    fn used(&mut self, slot: Slot, _hash: u64) {
        if self.links.contains(slot) {
            self.links.move_to_front(&mut self.list, slot);
        }
    }

    fn evict(&mut self, _incoming: u64, _entries: &mut dyn Entries) -> Option<Slot> {
        self.links.pop_back(&mut self.list)
    }

    fn remove(&mut self, slot: Slot) {
        if self.links.contains(slot) {
            self.links.unlink(&mut self.list, slot);
        }
    }

    fn len(&self) -> usize {
        self.list.len
    }

    fn contains(&self, slot: Slot) -> bool {
        self.links.contains(slot)
    }

    fn bytes(&self) -> usize {
        self.links.bytes()
    }

    fn validate(&self) {
        self.links.validate(&[&self.list]);
    }
}
