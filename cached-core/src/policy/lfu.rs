//! LFU with dynamic aging (LFU-DA, Arlitt et al. 1999): the entry with the fewest uses leaves, where each entry's
//! count starts from the count at which the last victim left. Without that, what was hot once never leaves.
//!
//! Counts saturate, so the priorities that can occur at a time lie in a window of [`RING`] numbers above the last
//! victim's: one list for each in a ring, and a bit for each list that holds something. Finding the least is a scan
//! of a few words.
//!
//! A use only ever raises a priority, so the list an entry is in is a lower bound. It is settled when the entry would
//! be the victim: if it was used since, it moves up and the search goes on. So a hit costs the policy nothing.

use super::links::{Links, List, make_room};
use super::{Entries, Policy, Record, Slot};

const RING: usize = 256;
/// The most uses that are noticed between two looks at an entry.
const NOTICED: u8 = 255;

/// Least frequently used, with dynamic aging; of equals the one that has stood there for the longest. 10 bytes
/// per entry; an eviction costs a step for each entry that was used since it was last looked at.
#[derive(Debug)]
pub struct Lfu {
    links: Links,
    /// Uses since the entry came in, the insertion included.
    counts: Vec<u8>,
    /// The list the entry is in: its priority, modulo the ring.
    priorities: Vec<u8>,
    lists: Box<[List; RING]>,
    filled: [u64; RING / 64],
    /// The priority of the last victim, modulo the ring; no resident entry has a lower one.
    age: u8,
    len: usize,
    capacity: usize,
}

impl Lfu {
    /// For a cache of `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        Self {
            links: Links::default(),
            counts: Vec::new(),
            priorities: Vec::new(),
            lists: Box::new([List::default(); RING]),
            filled: [0; RING / 64],
            age: 0,
            len: 0,
            capacity,
        }
    }

    fn link(&mut self, slot: Slot) {
        let priority = self.age.wrapping_add(self.counts[slot as usize]);
        self.priorities[slot as usize] = priority;
        let list = usize::from(priority);
        self.filled[list / 64] |= 1 << (list % 64);
        self.links.push_front(&mut self.lists[list], slot);
    }

    fn unlink(&mut self, slot: Slot) {
        let list = usize::from(self.priorities[slot as usize]);
        self.links.unlink(&mut self.lists[list], slot);
        if self.lists[list].len == 0 {
            self.filled[list / 64] &= !(1 << (list % 64));
        }
    }

    /// The first list, from the age on around the ring, that holds something.
    fn least(&self) -> Option<usize> {
        let (word, bit) = (usize::from(self.age) / 64, usize::from(self.age) % 64);
        let words = self.filled.len();
        (0..=words).find_map(|step| {
            let at = (word + step) % words;
            // The word of the age is seen twice: first its part from the age on, at last the part before.
            let mask = match step {
                0 => u64::MAX << bit,
                step if step == words => !(u64::MAX << bit),
                _ => u64::MAX,
            };
            let filled = self.filled[at] & mask;
            (filled != 0).then(|| at * 64 + filled.trailing_zeros() as usize)
        })
    }
}

impl Policy for Lfu {
    fn with_capacity(capacity: usize) -> Self {
        Self::new(capacity)
    }

    fn record(&self) -> Record {
        Record::Count(NOTICED)
    }

    fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity;
    }

    fn insert(&mut self, slot: Slot, _hash: u64) {
        self.links.make_room(slot, self.capacity);
        make_room(&mut self.counts, slot, self.capacity, 0);
        make_room(&mut self.priorities, slot, self.capacity, 0);
        self.counts[slot as usize] = 1;
        self.link(slot);
        self.len += 1;
    }

    fn evict(&mut self, _incoming: u64, entries: &mut dyn Entries) -> Option<Slot> {
        // Each entry is settled once at most; with readers that use entries meanwhile there must be an end.
        for step in 0.. {
            let least = self.least()?;
            let slot = self.lists[least].oldest()?;
            let uses = entries.take_uses(slot);
            if uses == 0 || step >= self.len {
                self.age = least as u8;
                self.remove(slot);
                return Some(slot);
            }
            self.unlink(slot);
            let count = &mut self.counts[slot as usize];
            *count = count.saturating_add(uses);
            self.link(slot);
        }
        None
    }

    fn remove(&mut self, slot: Slot) {
        if self.links.contains(slot) {
            self.unlink(slot);
            self.len -= 1;
        }
    }

    fn len(&self) -> usize {
        self.len
    }

    fn contains(&self, slot: Slot) -> bool {
        self.links.contains(slot)
    }

    fn bytes(&self) -> usize {
        self.links.bytes() + self.counts.capacity() + self.priorities.capacity() + size_of_val(&*self.lists)
    }

    fn validate(&self) {
        self.links.validate(&self.lists.iter().collect::<Vec<_>>());
        assert_eq!(self.lists.iter().map(|list| list.len).sum::<usize>(), self.len);
        for (at, list) in self.lists.iter().enumerate() {
            assert_eq!(self.filled[at / 64] >> (at % 64) & 1 == 1, list.len > 0);
            for slot in self.links.oldest_first(list) {
                assert_eq!(usize::from(self.priorities[slot as usize]), at);
            }
        }
    }
}
