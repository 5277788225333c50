//! S3-FIFO (Yang et al., SOSP 2023): a small queue that most newcomers leave soon, a main queue for what proved
//! itself there or came back, and ghosts of those that left the small one.

use super::links::{Links, List, make_room};
use super::memory::{Grade, Memory};
use super::{Entries, Policy, Record, Slot};

/// The uses in the small queue that lead to the main one.
const PROVEN: u8 = 2;
/// What an entry of the main queue can have in reserve.
const MOST: u8 = 3;
/// In `rank` for an entry of the small queue.
const SMALL: u8 = 0;
/// In `rank` for one of the main queue that has nothing in reserve, and otherwise as much more.
const MAIN: u8 = 1;

/// S3-FIFO with a small queue of 10% and as many ghosts as the main queue holds entries. 9 bytes per entry and about
/// 30 per ghost; a hit costs the policy nothing.
#[derive(Debug)]
pub struct S3Fifo {
    links: Links,
    small: List,
    main: List,
    /// `SMALL`, or `MAIN` and the rounds through the main queue that are left from uses before the last one.
    rank: Vec<u8>,
    ghosts: Memory,
    evictions: u32,
    small_max: usize,
    capacity: usize,
}

impl S3Fifo {
    /// For a cache of `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        Self::with_memory(capacity, Grade::Exact)
    }

    pub(crate) fn with_memory(capacity: usize, grade: Grade) -> Self {
        let small_max = small_size(capacity);
        Self {
            links: Links::default(),
            small: List::default(),
            main: List::default(),
            rank: Vec::new(),
            ghosts: Memory::new(grade, capacity - small_max.min(capacity), capacity),
            evictions: 0,
            small_max,
            capacity,
        }
    }

    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    pub(crate) fn resize(&mut self, capacity: usize, grade: Grade) {
        self.capacity = capacity;
        self.small_max = small_size(capacity);
        self.ghosts.resize(grade, capacity - self.small_max.min(capacity), capacity);
    }

    fn enter_main(&mut self, slot: Slot, reserve: u8) {
        self.rank[slot as usize] = MAIN + reserve;
        self.links.push_front(&mut self.main, slot);
    }

    /// Walks the small queue from its oldest: what proved itself moves on, the first that did not leaves.
    fn evict_small(&mut self, entries: &mut dyn Entries) -> Option<Slot> {
        while let Some(slot) = self.links.pop_back(&mut self.small) {
            if entries.take_uses(slot) < PROVEN {
                self.evictions = self.evictions.wrapping_add(1);
                self.ghosts.push(0, entries.hash(slot), self.evictions);
                return Some(slot);
            }
            self.enter_main(slot, 0);
        }
        None
    }

    /// Walks the main queue from its oldest: what was used goes around again, once for each use.
    fn evict_main(&mut self, entries: &mut dyn Entries) -> Option<Slot> {
        // More rounds than reserves allow can only come from uses meanwhile, and there must be an end to them.
        let mut steps = (usize::from(MOST) + 1) * self.main.len;
        loop {
            let slot = self.links.pop_back(&mut self.main)?;
            let uses = (self.rank[slot as usize] - MAIN + entries.take_uses(slot)).min(MOST);
            if uses == 0 || steps == 0 {
                return Some(slot);
            }
            self.enter_main(slot, uses - 1);
            steps -= 1;
        }
    }

    pub(crate) fn hand_over(&mut self) -> (Links, List) {
        let (small, main) = (std::mem::take(&mut self.small), std::mem::take(&mut self.main));
        let list = self.links.chain(main, small);
        (std::mem::take(&mut self.links), list)
    }

    /// All are taken as newcomers.
    pub(crate) fn take_over(&mut self, links: Links, list: List) {
        self.rank = vec![SMALL; links.room()];
        (self.links, self.small) = (links, list);
    }
}

fn small_size(capacity: usize) -> usize {
    (capacity / 10).max(1)
}

impl Policy for S3Fifo {
    fn with_capacity(capacity: usize) -> Self {
        Self::new(capacity)
    }

    fn record(&self) -> Record {
        Record::Count(MOST)
    }

    fn set_capacity(&mut self, capacity: usize) {
        self.resize(capacity, self.ghosts.grade());
    }

    fn insert(&mut self, slot: Slot, hash: u64) {
        self.links.make_room(slot, self.capacity);
        make_room(&mut self.rank, slot, self.capacity, SMALL);
        if self.ghosts.take(hash).is_some() {
            self.enter_main(slot, 0);
        } else {
            self.rank[slot as usize] = SMALL;
            self.links.push_front(&mut self.small, slot);
        }
    }

    fn evict(&mut self, _incoming: u64, entries: &mut dyn Entries) -> Option<Slot> {
        if self.small.len >= self.small_max || self.main.len == 0 {
            if let Some(slot) = self.evict_small(entries) {
                return Some(slot);
            }
        }
        self.evict_main(entries)
    }

    fn remove(&mut self, slot: Slot) {
        if self.links.contains(slot) {
            let small = self.rank[slot as usize] == SMALL;
            self.links.unlink(if small { &mut self.small } else { &mut self.main }, slot);
        }
    }

    fn len(&self) -> usize {
        self.small.len + self.main.len
    }

    fn contains(&self, slot: Slot) -> bool {
        self.links.contains(slot)
    }

    fn bytes(&self) -> usize {
        self.links.bytes() + self.rank.capacity() + self.ghosts.bytes()
    }

    fn validate(&self) {
        self.links.validate(&[&self.small, &self.main]);
        self.ghosts.validate();
        let rank = |slot: Slot| self.rank[slot as usize];
        assert!(self.links.oldest_first(&self.small).all(|slot| rank(slot) == SMALL));
        assert!(self.links.oldest_first(&self.main).all(|slot| (MAIN..=MAIN + MOST).contains(&rank(slot))));
    }
}
