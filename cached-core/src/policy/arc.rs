//! ARC (Megiddo and Modha, FAST 2003): a list for what was used once, a list for what was used again, ghosts of both,
//! and a border between the two lists that moves towards the one whose ghosts are asked for.

use super::links::{Links, List, make_room};
use super::memory::{Grade, Memory};
use super::{Entries, Policy, Record, Slot};

/// The queues of ghosts: of those that left from the list of what was used once, or again.
const ONCE: u8 = 0;
const AGAIN: u8 = 1;

/// Adaptive replacement cache, to the letter of the paper. 9 bytes per entry and about 30 for each of at most
/// `capacity` ghosts; each call is O(1).
#[derive(Debug)]
pub struct Arc {
    links: Links,
    once: List,
    again: List,
    /// Which of the lists each slot is in.
    place: Vec<u8>,
    ghosts: Memory,
    evictions: u32,
    /// The size that `once` should have: not a whole number, since the border moves by ratios.
    target: f64,
    /// The newcomer for which room was made and whose ghost was found.
    returning: Option<u64>,
    capacity: usize,
}

impl Arc {
    /// For a cache of `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        Self::with_memory(capacity, Grade::Exact)
    }

    pub(crate) fn with_memory(capacity: usize, grade: Grade) -> Self {
        Self {
            links: Links::default(),
            once: List::default(),
            again: List::default(),
            place: Vec::new(),
            ghosts: Memory::new(grade, capacity + 1, capacity),
            evictions: 0,
            target: 0.0,
            returning: None,
            capacity: capacity.max(1),
        }
    }

    pub(crate) fn resize(&mut self, capacity: usize, grade: Grade) {
        self.capacity = capacity.max(1);
        self.target = self.target.min(self.capacity as f64);
        self.ghosts.resize(grade, self.capacity + 1, self.capacity);
        self.trim();
    }

    /// Whether the newcomer has a ghost, and if so in which queue: the border moves, and the ghost is done with.
    fn recall(&mut self, hash: u64) -> Option<u8> {
        let (queue, _) = self.ghosts.get(hash)?;
        let (once, again) = (self.ghosts.len(ONCE) as f64, self.ghosts.len(AGAIN) as f64);
        let step = if queue == ONCE { (again / once).max(1.0) } else { -(once / again).max(1.0) };
        self.target = (self.target + step).clamp(0.0, self.capacity as f64);
        self.ghosts.take(hash);
        Some(queue)
    }

    /// The oldest of the list that is over its share leaves, and becomes a ghost.
    fn replace(&mut self, again_returns: bool, entries: &mut dyn Entries) -> Option<Slot> {
        let once = self.once.len as f64;
        let over = once > self.target || (again_returns && once >= self.target);
        let from_once = self.once.len > 0 && (over || self.again.len == 0);
        let (list, queue) = if from_once { (&mut self.once, ONCE) } else { (&mut self.again, AGAIN) };
        let slot = self.links.pop_back(list)?;
        self.evictions = self.evictions.wrapping_add(1);
        self.ghosts.push(queue, entries.hash(slot), self.evictions);
        Some(slot)
    }

    /// Room in the directory for a newcomer without a ghost, and in the cache.
    fn make_way(&mut self, entries: &mut dyn Entries) -> Option<Slot> {
        if self.once.len + self.ghosts.len(ONCE) >= self.capacity {
            if self.ghosts.pop(ONCE).is_none() {
                return self.links.pop_back(&mut self.once);
            }
        } else if self.len() + self.ghosts.len(ONCE) + self.ghosts.len(AGAIN) >= 2 * self.capacity {
            self.ghosts.pop(AGAIN);
        }
        self.replace(false, entries)
    }

    /// Keeps the directory within the paper's bounds where evictions and insertions do not alternate, as far as
    /// that can be done by forgetting ghosts.
    fn trim(&mut self) {
        while self.once.len + self.ghosts.len(ONCE) > self.capacity && self.ghosts.pop(ONCE).is_some() {}
        while self.len() + self.ghosts.len(ONCE) + self.ghosts.len(AGAIN) > 2 * self.capacity
            && (self.ghosts.pop(AGAIN).is_some() || self.ghosts.pop(ONCE).is_some())
        {}
    }

    fn enter(&mut self, slot: Slot, place: u8) {
        self.place[slot as usize] = place;
        self.links.push_front(if place == ONCE { &mut self.once } else { &mut self.again }, slot);
    }

    fn leave(&mut self, slot: Slot) {
        let once = self.place[slot as usize] == ONCE;
        self.links.unlink(if once { &mut self.once } else { &mut self.again }, slot);
    }

    pub(crate) fn hand_over(&mut self) -> (Links, List) {
        let (once, again) = (std::mem::take(&mut self.once), std::mem::take(&mut self.again));
        let list = self.links.chain(again, once);
        (std::mem::take(&mut self.links), list)
    }

    /// All are taken as used once.
    pub(crate) fn take_over(&mut self, links: Links, list: List) {
        self.place = vec![ONCE; links.room()];
        (self.links, self.once) = (links, list);
    }
}

impl Policy for Arc {
    fn with_capacity(capacity: usize) -> Self {
        Self::new(capacity)
    }

    fn record(&self) -> Record {
        Record::Events
    }

    fn set_capacity(&mut self, capacity: usize) {
        self.resize(capacity, self.ghosts.grade());
    }

    fn insert(&mut self, slot: Slot, hash: u64) {
        self.links.make_room(slot, self.capacity);
        make_room(&mut self.place, slot, self.capacity, ONCE);
        let returns = self.returning.take() == Some(hash) || self.recall(hash).is_some();
        self.enter(slot, if returns { AGAIN } else { ONCE });
        self.trim();
    }

    fn used(&mut self, slot: Slot, _hash: u64) {
        if self.links.contains(slot) {
            self.leave(slot);
            self.enter(slot, AGAIN);
        }
    }

    fn evict(&mut self, incoming: u64, entries: &mut dyn Entries) -> Option<Slot> {
        let victim = match self.recall(incoming) {
            Some(queue) => {
                self.returning = Some(incoming);
                self.replace(queue == AGAIN, entries)
            }
            None => self.make_way(entries),
        };
        self.trim();
        victim
    }

    fn remove(&mut self, slot: Slot) {
        if self.links.contains(slot) {
            self.leave(slot);
        }
    }

    fn len(&self) -> usize {
        self.once.len + self.again.len
    }

    fn contains(&self, slot: Slot) -> bool {
        self.links.contains(slot)
    }

    fn bytes(&self) -> usize {
        self.links.bytes() + self.place.capacity() + self.ghosts.bytes()
    }

    fn validate(&self) {
        self.links.validate(&[&self.once, &self.again]);
        self.ghosts.validate();
        assert!((0.0..=self.capacity as f64).contains(&self.target));
        if self.ghosts.is_exact() {
            let (once, again) = (self.ghosts.len(ONCE), self.ghosts.len(AGAIN));
            assert!(once == 0 || self.once.len + once <= self.capacity);
            assert!(once + again == 0 || self.len() + once + again <= 2 * self.capacity);
        }
        for (list, place) in [(&self.once, ONCE), (&self.again, AGAIN)] {
            assert!(self.links.oldest_first(list).all(|slot| self.place[slot as usize] == place));
        }
    }
}
