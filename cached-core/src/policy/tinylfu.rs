//! W-TinyLFU (Einziger, Friedman and Manes, TOS 2017): newcomers live in a window; who leaves it must have been asked
//! for more often than the main part's oldest, or goes. The main part is a segmented LRU. How often is told by a
//! sketch that counts every access, from the first one on.

use std::cmp::Ordering;

use super::hash::Dice;
use super::links::{Links, List, make_room};
use super::sketch::{Counters, Sketch};
use super::{Entries, Policy, Record, Slot};

/// The window that does best over a mix of streams where it cannot adapt.
const WINDOW: f64 = 0.20;
/// The share of the main part for entries that were used again while in it.
const PROTECTED: f64 = 0.80;
/// A candidate that loses although it was asked for this often may be let in by chance: collisions that someone
/// provokes in the sketch would otherwise keep it out for good.
const WARM: u8 = 6;
/// One in this many such candidates is let in.
const CHANCE: u64 = 128;

/// How many entries may follow the border when it moves by one.
const FOLLOWING: usize = 4;

/// The lists a slot can be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Window,
    Probation,
    Protected,
}

const PARTS: [Part; 3] = [Part::Window, Part::Probation, Part::Protected];

/// The lists of W-TinyLFU without the sketch, which several of them may share.
#[derive(Debug)]
pub(crate) struct Segments {
    links: Links,
    lists: [List; 3],
    part: Vec<Part>,
    window_max: usize,
    protected_max: usize,
    dice: Dice,
    /// Whether a victim that stays clears the way to those behind it.
    restless: bool,
    capacity: usize,
}

impl Segments {
    /// To the letter of the paper, or with an improvement of its [contest](Self::contest).
    pub(crate) fn new(capacity: usize, window: f64, restless: bool) -> Self {
        let mut segments = Self {
            links: Links::default(),
            lists: [List::default(); 3],
            part: Vec::new(),
            window_max: 1,
            protected_max: 0,
            dice: Dice::new(0),
            restless,
            capacity,
        };
        segments.set_sizes(window_size(capacity, window));
        segments
    }

    fn set_sizes(&mut self, window_max: usize) {
        self.window_max = window_max.clamp(1, self.capacity.max(1));
        let main = self.capacity.saturating_sub(self.window_max);
        self.protected_max = (main as f64 * PROTECTED) as usize;
    }

    /// For another capacity and with a window of so many entries. O(the change).
    pub(crate) fn resize(&mut self, capacity: usize, window: usize) {
        self.capacity = capacity;
        self.set_window(window);
    }

    pub(crate) fn window(&self) -> usize {
        self.window_max
    }

    fn of(&self, part: Part) -> &List {
        &self.lists[part as usize]
    }

    #[inline]
    fn enter(&mut self, slot: Slot, part: Part) {
        self.part[slot as usize] = part;
        self.links.push_front(&mut self.lists[part as usize], slot);
    }

    #[inline]
    fn leave(&mut self, slot: Slot) {
        let part = self.part[slot as usize];
        self.links.unlink(&mut self.lists[part as usize], slot);
    }

    /// The oldest of one part becomes the newest of another.
    fn shift(&mut self, from: Part, to: Part) -> bool {
        let slot = self.links.pop_back(&mut self.lists[from as usize]);
        if let Some(slot) = slot {
            self.enter(slot, to);
        }
        slot.is_some()
    }

    fn make_room(&mut self, slot: Slot) {
        self.links.make_room(slot, self.capacity);
        make_room(&mut self.part, slot, self.capacity, Part::Window);
    }

    pub(crate) fn insert(&mut self, slot: Slot) {
        self.make_room(slot);
        self.enter(slot, Part::Window);
        // Before a full cache evicted for this newcomer, so here there is room in the main part.
        while self.of(Part::Window).len > self.window_max && self.shift(Part::Window, Part::Probation) {}
    }

    #[inline]
    pub(crate) fn used(&mut self, slot: Slot) {
        if !self.links.contains(slot) {
            return;
        }
        match self.part[slot as usize] {
            Part::Probation => {
                self.leave(slot);
                self.enter(slot, Part::Protected);
                self.demote();
            }
            part => self.links.move_to_front(&mut self.lists[part as usize], slot),
        }
    }

    fn demote(&mut self) {
        while self.of(Part::Protected).len > self.protected_max {
            self.shift(Part::Protected, Part::Probation);
        }
    }

    /// The contest between the window's oldest and the main part's; `frequency` tells how often a slot's key was
    /// asked for.
    pub(crate) fn evict(&mut self, mut frequency: impl FnMut(Slot) -> u8) -> Option<Slot> {
        let oldest = |part| self.of(part).oldest();
        let victim = oldest(Part::Probation).or(oldest(Part::Protected));
        // The newcomer will push the window's oldest out only if the window is full.
        let candidate = oldest(Part::Window).filter(|_| self.of(Part::Window).len >= self.window_max);
        let loser = match (candidate, victim) {
            (Some(candidate), Some(victim)) => {
                let counts = (frequency(candidate), frequency(victim));
                self.contest(candidate, victim, counts)
            }
            (candidate, victim) => victim.or(candidate).or(oldest(Part::Window))?,
        };
        self.leave(loser);
        Some(loser)
    }

    /// The loser of a contest; the winner goes to the newest end of probation.
    ///
    /// A tie keeps the victim, and where it is: in a loop that does not fit all are alike, and some must stay to be
    /// found again. A victim that was asked for more often moves where the segments are `restless`, which the paper does
    /// not have: it would turn away one candidate after the other, while behind it wait entries that nobody asks for
    /// any more.
    fn contest(&mut self, candidate: Slot, victim: Slot, (wanted, present): (u8, u8)) -> Slot {
        let admitted = wanted > present || (wanted >= WARM && self.dice.roll(CHANCE) == 0);
        let winner = if admitted { candidate } else { victim };
        if admitted || (self.restless && present > wanted) {
            self.leave(winner);
            self.enter(winner, Part::Probation);
        }
        if admitted { victim } else { candidate }
    }

    /// Moves the border between window and main part, and entries over it so that both keep their order.
    pub(crate) fn set_window(&mut self, window: usize) {
        self.move_border(window, usize::MAX);
    }

    /// Moves the border by one towards `window`; false if it is there.
    pub(crate) fn approach(&mut self, window: usize) -> bool {
        let step = match self.window_max.cmp(&window) {
            Ordering::Less => self.window_max + 1,
            Ordering::Equal => return false,
            Ordering::Greater => self.window_max - 1,
        };
        self.move_border(step, FOLLOWING);
        true
    }

    /// At most `following` entries go from the main part to the window: there may be room for more, since it empties
    /// when entries are removed, and starts empty after another policy.
    fn move_border(&mut self, window: usize, following: usize) {
        self.set_sizes(window);
        self.demote();
        while self.of(Part::Window).len > self.window_max {
            self.shift(Part::Window, Part::Probation);
        }
        let main = self.of(Part::Probation).len + self.of(Part::Protected).len;
        let main_max = self.capacity - self.window_max.min(self.capacity);
        let room = self.window_max - self.of(Part::Window).len;
        for _ in 0..following.min(room).min(main.saturating_sub(main_max)) {
            let _ = self.shift(Part::Probation, Part::Window) || self.shift(Part::Protected, Part::Window);
        }
    }

    pub(crate) fn hand_over(&mut self) -> (Links, List) {
        let [window, probation, protected] = std::mem::take(&mut self.lists);
        let main = self.links.chain(protected, probation);
        let list = self.links.chain(window, main);
        (std::mem::take(&mut self.links), list)
    }

    /// All are taken on probation.
    pub(crate) fn take_over(&mut self, links: Links, list: List) {
        self.part = vec![Part::Probation; links.room()];
        (self.links, self.lists[Part::Probation as usize]) = (links, list);
    }

    pub(crate) fn remove(&mut self, slot: Slot) {
        if self.links.contains(slot) {
            self.leave(slot);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.lists.iter().map(|list| list.len).sum()
    }

    pub(crate) fn contains(&self, slot: Slot) -> bool {
        self.links.contains(slot)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.links.bytes() + self.part.capacity()
    }

    pub(crate) fn validate(&self) {
        self.links.validate(&[&self.lists[0], &self.lists[1], &self.lists[2]]);
        for part in PARTS {
            assert!(self.links.oldest_first(self.of(part)).all(|slot| self.part[slot as usize] == part));
        }
        assert!(self.of(Part::Window).len <= self.window_max);
        assert!(self.of(Part::Protected).len <= self.protected_max);
    }
}

/// The window of a share of the capacity: what the main part's share, rounded down, leaves; at least one entry.
pub(crate) fn window_size(capacity: usize, share: f64) -> usize {
    (capacity - ((1.0 - share) * capacity as f64) as usize).max(1)
}

/// W-TinyLFU. 9 bytes per entry for the lists and 8 to 16 for the sketch (16 to 32 counters of 4 bits); each call is O(1), but for
/// the halving of the sketch, O(entries), once in at least ten times as many requests.
#[derive(Debug)]
pub struct TinyLfu {
    segments: Segments,
    sketch: Sketch,
    /// The window's, of the capacity.
    share: f64,
}

impl TinyLfu {
    /// For a cache of `capacity` entries, with a window of a fifth.
    pub fn new(capacity: usize) -> Self {
        Self::with_window(capacity, WINDOW)
    }

    /// With a window of another share of the capacity, from 0 (a single entry) to 1.
    pub fn with_window(capacity: usize, share: f64) -> Self {
        Self {
            segments: Segments::new(capacity, share, false),
            sketch: Sketch::new(capacity, Counters::Rounded),
            share,
        }
    }

    #[cfg(test)]
    pub(crate) fn restless(capacity: usize, share: f64) -> Self {
        let segments = Segments::new(capacity, share, true);
        Self { segments, ..Self::with_window(capacity, share) }
    }

    /// Makes the window hold `entries`. O(the change).
    pub fn set_window(&mut self, entries: usize) {
        self.segments.set_window(entries);
        self.share = self.segments.window() as f64 / self.segments.capacity.max(1) as f64;
    }

    /// The entries that the window can hold.
    pub fn window(&self) -> usize {
        self.segments.window()
    }
}

impl Policy for TinyLfu {
    fn with_capacity(capacity: usize) -> Self {
        Self::new(capacity)
    }

    fn record(&self) -> Record {
        Record::Events
    }

    fn set_capacity(&mut self, capacity: usize) {
        self.segments.resize(capacity, window_size(capacity, self.share));
        self.sketch.resize(capacity, Counters::Rounded);
    }

    fn insert(&mut self, slot: Slot, _hash: u64) {
        self.segments.insert(slot);
        self.sketch.make_room(|| self.segments.len());
    }

    fn used(&mut self, slot: Slot, hash: u64) {
        self.sketch.count(hash);
        self.segments.used(slot);
    }

    fn missed(&mut self, hash: u64) {
        self.sketch.count(hash);
    }

    fn evict(&mut self, _incoming: u64, entries: &mut dyn Entries) -> Option<Slot> {
        let sketch = &self.sketch;
        self.segments.evict(|slot| sketch.estimate(entries.hash(slot)))
    }

    fn remove(&mut self, slot: Slot) {
        self.segments.remove(slot);
    }

    fn len(&self) -> usize {
        self.segments.len()
    }

    fn contains(&self, slot: Slot) -> bool {
        self.segments.contains(slot)
    }

    fn bytes(&self) -> usize {
        self.segments.bytes() + self.sketch.bytes()
    }

    fn validate(&self) {
        self.segments.validate();
        self.sketch.validate();
    }
}
