//! SIEVE (Zhang et al., NSDI 2024): a queue in order of arrival and a hand that walks it from the oldest on, spares
//! what was used since it last came by, and evicts the first that was not. Unlike CLOCK, what is spared stays where
//! it is, so newcomers are soon tested.

use super::links::{Links, List, NIL};
use super::{Entries, Policy, Record, Slot};

/// SIEVE. 8 bytes per entry; a hit costs the policy nothing, an eviction one step for each entry spared.
#[derive(Debug)]
pub struct Sieve {
    links: Links,
    queue: List,
    /// Where the search goes on; the oldest if `NIL`.
    hand: u32,
    capacity: usize,
}

impl Sieve {
    /// For a cache of `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        Self { links: Links::default(), queue: List::default(), hand: NIL, capacity }
    }
}

impl Policy for Sieve {
    fn with_capacity(capacity: usize) -> Self {
        Self::new(capacity)
    }

    fn record(&self) -> Record {
        Record::Count(1)
    }

    fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity;
    }

    fn insert(&mut self, slot: Slot, _hash: u64) {
        self.links.make_room(slot, self.capacity);
        self.links.push_front(&mut self.queue, slot);
    }

    fn evict(&mut self, _incoming: u64, entries: &mut dyn Entries) -> Option<Slot> {
        let oldest = self.queue.oldest()?;
        let mut at = if self.hand == NIL { oldest } else { self.hand };
        // Two rounds are enough by oneself; with readers that use entries meanwhile there must be an end too.
        let mut steps = 2 * self.queue.len;
        while entries.take_uses(at) > 0 && steps > 0 {
            let newer = self.links.newer(at);
            at = if newer == NIL { oldest } else { newer };
            steps -= 1;
        }
        self.hand = at;
        self.remove(at);
        Some(at)
    }

    fn remove(&mut self, slot: Slot) {
        if self.links.contains(slot) {
            if self.hand == slot {
                self.hand = self.links.newer(slot);
            }
            self.links.unlink(&mut self.queue, slot);
        }
    }

    fn len(&self) -> usize {
        self.queue.len
    }

    fn contains(&self, slot: Slot) -> bool {
        self.links.contains(slot)
    }

    fn bytes(&self) -> usize {
        self.links.bytes()
    }

    fn validate(&self) {
        self.links.validate(&[&self.queue]);
        assert!(self.hand == NIL || self.links.contains(self.hand), "the hand points at a resident entry");
    }
}
