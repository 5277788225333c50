//! LIRS (Jiang and Zhang, SIGMETRICS 2002): most of the cache is for entries whose last two uses were close together,
//! in time between them, and a small queue is for all others, which leave from there.
//!
//! The paper keeps a stack of all keys by last use, cut below the oldest of the first kind. Here each key carries the
//! time of its last use instead, and "in the stack" is "used after the oldest of the first kind". That is the same
//! order without the second pair of links that queued entries of the stack would need, and nothing has to be pruned.

use super::links::{Links, List, make_room};
use super::memory::{Grade, Memory};
use super::{Entries, Policy, Record, Slot};

/// In a mark: the entry is in the queue of those that have yet to prove themselves.
const HIGH: u32 = 1 << 31;
/// The time after which it starts again.
const LATEST: u32 = HIGH - 1;
/// How many entries are demoted for one that is promoted, as long as there are too many of the first kind.
const DEMOTED: usize = 4;

/// Low inter-reference recency set. 12 bytes per entry and about 30 for each of at most `2 * capacity` ghosts; each
/// call is O(1) amortised.
#[derive(Debug)]
pub struct Lirs {
    links: Links,
    /// Entries used twice within a short time, by last use.
    low: List,
    /// The others, in the order in which they leave.
    high: List,
    /// Of each slot the time of its last use, and above it whether it is in the queue.
    marks: Vec<u32>,
    now: u32,
    ghosts: Memory,
    low_max: usize,
    /// Of entries that have yet to prove themselves.
    share: f64,
    capacity: usize,
}

impl Lirs {
    /// For a cache of `capacity` entries, a tenth of which is for entries that have yet to prove themselves.
    pub fn new(capacity: usize) -> Self {
        Self::with_share(capacity, 0.10)
    }

    /// With another share for entries that have yet to prove themselves; the paper has 1%.
    pub fn with_share(capacity: usize, share: f64) -> Self {
        Self::with_memory(capacity, share, Grade::Exact)
    }

    pub(crate) fn with_memory(capacity: usize, share: f64, grade: Grade) -> Self {
        Self {
            links: Links::default(),
            low: List::default(),
            high: List::default(),
            marks: Vec::new(),
            now: 0,
            ghosts: Memory::new(grade, 2 * capacity, capacity),
            low_max: low_size(capacity, share),
            share,
            capacity,
        }
    }

    pub(crate) fn resize(&mut self, capacity: usize, grade: Grade) {
        self.capacity = capacity;
        self.low_max = low_size(capacity, self.share);
        self.ghosts.resize(grade, 2 * capacity, capacity);
        self.demote();
    }

    #[inline]
    fn time(&self, slot: Slot) -> u32 {
        self.marks[slot as usize] & LATEST
    }

    #[inline]
    fn is_low(&self, slot: Slot) -> bool {
        self.marks[slot as usize] & HIGH == 0
    }

    #[inline]
    fn set(&mut self, slot: Slot, low: bool, time: u32) {
        self.marks[slot as usize] = time | if low { 0 } else { HIGH };
    }

    /// Whether a use at `time` is more recent than the last one of the oldest entry of the first kind.
    #[inline]
    fn is_recent(&self, time: u32) -> bool {
        self.low.oldest().is_some_and(|oldest| time > self.time(oldest))
    }

    #[inline]
    fn tick(&mut self) -> u32 {
        if self.now == LATEST {
            self.renumber();
        }
        self.now += 1;
        self.now
    }

    /// Starts the time again from small numbers in the same order. Ghosts are forgotten; once in 2^31 uses.
    #[cold]
    pub(crate) fn renumber(&mut self) {
        self.ghosts.clear();
        let mut slots: Vec<Slot> =
            self.links.oldest_first(&self.low).chain(self.links.oldest_first(&self.high)).collect();
        slots.sort_by_key(|&slot| self.time(slot));
        self.now = slots.len() as u32;
        for (time, &slot) in (1..).zip(&slots) {
            self.set(slot, self.is_low(slot), time);
        }
    }

    fn enter_low(&mut self, slot: Slot) {
        self.set(slot, true, self.time(slot));
        self.links.push_front(&mut self.low, slot);
        self.demote();
    }

    fn demote(&mut self) {
        for _ in 0..DEMOTED.min(self.low.len.saturating_sub(self.low_max)) {
            if let Some(oldest) = self.links.pop_back(&mut self.low) {
                self.enter_high(oldest);
            }
        }
    }

    fn enter_high(&mut self, slot: Slot) {
        self.set(slot, false, self.time(slot));
        self.links.push_front(&mut self.high, slot);
    }

    /// Ghosts are older the nearer they are to the end of the queue, so those that fell out of the stack are there.
    fn trim(&mut self) {
        let border = self.low.oldest().map(|oldest| self.time(oldest));
        self.ghosts.trim(|time| border.is_none_or(|border| time <= border));
    }

    pub(crate) fn hand_over(&mut self) -> (Links, List) {
        let (high, low) = (std::mem::take(&mut self.high), std::mem::take(&mut self.low));
        let list = self.links.chain(low, high);
        (std::mem::take(&mut self.links), list)
    }

    /// All are taken as of the first kind, and as not used since time began: those that are too many leave first, or
    /// are demoted for others.
    pub(crate) fn take_over(&mut self, links: Links, list: List) {
        self.marks = vec![0; links.room()];
        (self.links, self.low) = (links, list);
    }
}

fn low_size(capacity: usize, share: f64) -> usize {
    let high = ((capacity as f64 * share) as usize).clamp(1, capacity.max(1));
    capacity.saturating_sub(high)
}

impl Policy for Lirs {
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
        make_room(&mut self.marks, slot, self.capacity, HIGH);
        let time = self.tick();
        let returns = self.ghosts.take(hash).is_some_and(|(_, time)| self.is_recent(time));
        self.set(slot, false, time);
        // Where the first kind lost entries otherwise than to the queue, it is to be filled by what proves itself, not by
        // whatever comes in next.
        let filling = self.low.len < self.low_max && self.high.len == 0;
        if returns || filling {
            self.enter_low(slot);
        } else {
            self.enter_high(slot);
        }
    }

    fn used(&mut self, slot: Slot, _hash: u64) {
        if !self.links.contains(slot) {
            return;
        }
        let time = self.tick();
        let (last, low) = (self.time(slot), self.is_low(slot));
        self.set(slot, low, time);
        if low {
            self.links.move_to_front(&mut self.low, slot);
        } else if self.is_recent(last) || self.low.len < self.low_max {
            self.links.unlink(&mut self.high, slot);
            self.enter_low(slot);
        } else {
            self.links.move_to_front(&mut self.high, slot);
        }
    }

    fn evict(&mut self, _incoming: u64, entries: &mut dyn Entries) -> Option<Slot> {
        let Some(slot) = self.links.pop_back(&mut self.high) else {
            return self.links.pop_back(&mut self.low);
        };
        let time = self.time(slot);
        self.trim();
        if self.is_recent(time) {
            self.ghosts.push(0, entries.hash(slot), time);
        }
        Some(slot)
    }

    fn remove(&mut self, slot: Slot) {
        if self.links.contains(slot) {
            let list = if self.is_low(slot) { &mut self.low } else { &mut self.high };
            self.links.unlink(list, slot);
        }
    }

    fn len(&self) -> usize {
        self.low.len + self.high.len
    }

    fn contains(&self, slot: Slot) -> bool {
        self.links.contains(slot)
    }

    fn bytes(&self) -> usize {
        self.links.bytes() + self.marks.capacity() * 4 + self.ghosts.bytes()
    }

    fn validate(&self) {
        self.links.validate(&[&self.low, &self.high]);
        self.ghosts.validate();
        let low: Vec<Slot> = self.links.oldest_first(&self.low).collect();
        assert!(low.iter().all(|&slot| self.is_low(slot)));
        assert!(low.is_sorted_by_key(|&slot| self.time(slot)), "the first kind is in order of use");
        assert!(self.links.oldest_first(&self.high).all(|slot| !self.is_low(slot)));
    }
}
