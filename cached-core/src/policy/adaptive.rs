//! No policy is good everywhere: miniature copies of several are fed with a sample of the keys, and the cache follows
//! the copy with the most hits (after miniature simulation, Waldspurger et al., ATC 2017).
//!
//! A cache of a 2^s-th of the size behaves nearly like the whole one if it is given a 2^s-th of the keys, so the copies
//! are of a constant size, and the larger the cache, the fewer accesses reach them.

use super::family::{Family, Kind};
use super::hash::spread;
use super::memory::Grade;
use super::mini::Mini;
use super::sketch::{Counters, Sketch};
use super::{Entries, Policy, Record, Slot};

/// What is tried.
const KINDS: [Kind; 8] = [
    Kind::TinyLfu(0.10),
    Kind::TinyLfu(0.01),
    Kind::TinyLfu(0.35),
    Kind::TinyLfu(0.75),
    Kind::Lirs(0.01),
    Kind::Arc,
    Kind::S3Fifo,
    Kind::Lru,
];
/// What a cache starts with: the one that does best on the whole, since of a large cache few keys reach the copies, which tell late; or LRU
/// where the copies are as large as the cache, and tell soon that another is better, so that a short run falls behind neither.
const START: (usize, usize) = (0, KINDS.len() - 1);
/// Miniatures hold at least this many entries, if the cache does.
const MINIATURE: usize = 64;
/// The shortest period, in requests.
const SHORTEST_PERIOD: usize = 256;
/// What remains of the scores at the end of each period.
const MEMORY: f64 = 0.95;
/// How many accesses to the miniatures lie between two looks at the scores. Who looks seldom finds out late, which a short run cannot make up for.
const LOOK: u32 = 4;
/// How much better than the present policy another has to be: as a factor, and in hits.
const MARGIN: (f64, f64) = (1.02, 1.0);
/// From this capacity on memory is saved: the sketch is smaller, and ghosts are fewer and not exact.
const LARGE: usize = 4096;
/// Counters in the sketches for each entry, and in a large cache.
const COUNTERS: (Counters, Counters) = (Counters::Each(16), Counters::Each(8));
/// Ghosts in a large cache for each entry.
const GHOSTS: f64 = 0.25;
/// Makes the choice of the sample independent of all else that is done with a hash (Knuth's MMIX, 1999).
const SAMPLE: u64 = 0x5851_f42d_4c95_7f2d;

/// The miniatures and what they have shown.
#[derive(Debug)]
struct Contest {
    minis: [Mini; KINDS.len()],
    sketch: Sketch,
    /// Their hits; the older, the less they count.
    scores: [f64; KINDS.len()],
    /// Accesses since the last look at the scores.
    unseen: u32,
    /// Of 2^shift keys one is in the sample.
    shift: u32,
}

impl Contest {
    /// For a cache of `capacity` entries. The miniatures remember as many ghosts as the cache would, or they would
    /// promise what it cannot keep.
    fn new(capacity: usize, grade: Grade, counters: Counters) -> Self {
        let (capacity, shift) = miniature(capacity);
        Self {
            minis: KINDS.map(|kind| Mini::new(Family::new(kind, capacity, grade), capacity, 2 * MINIATURE)),
            sketch: Sketch::new(capacity, counters),
            scores: [0.0; KINDS.len()],
            unseen: 0,
            shift,
        }
    }

    /// For another capacity. What the miniatures have shown remains, and they do as far as they have room. O(1).
    fn resize(&mut self, capacity: usize, grade: Grade, counters: Counters) {
        let (capacity, shift) = miniature(capacity);
        self.shift = shift;
        for (mini, kind) in self.minis.iter_mut().zip(KINDS) {
            mini.resize(capacity, grade, kind, &self.sketch);
        }
        self.sketch.resize(capacity, counters);
    }

    /// The policy that should be at work where `present` is.
    #[inline]
    fn access(&mut self, hash: u64, present: usize) -> usize {
        if spread(hash, SAMPLE).leading_zeros() >= self.shift {
            self.sampled(hash);
            self.unseen += 1;
            if self.unseen >= LOOK {
                self.unseen = 0;
                return self.decide(present);
            }
        }
        present
    }

    fn sampled(&mut self, hash: u64) {
        self.sketch.count(hash);
        for (mini, score) in self.minis.iter_mut().zip(&mut self.scores) {
            *score += f64::from(u8::from(mini.access(hash, &self.sketch)));
        }
    }

    /// The best, if it is clearly better than `present`.
    fn decide(&self, present: usize) -> usize {
        let mut best = present;
        for kind in 0..KINDS.len() {
            if self.scores[kind] > self.scores[best] {
                best = kind;
            }
        }
        let needed = self.scores[present] * MARGIN.0 + MARGIN.1;
        if self.scores[best] > needed { best } else { present }
    }

    /// Ends a period.
    fn age(&mut self) {
        self.scores.iter_mut().for_each(|score| *score *= MEMORY);
    }
}

/// The capacity of the miniatures of a cache, and the power of two by which they are smaller.
fn miniature(capacity: usize) -> (usize, u32) {
    let shift = (capacity / MINIATURE).checked_ilog2().unwrap_or(0);
    (capacity >> shift, shift)
}

/// For a cache of `capacity`: how it remembers what left, how its miniatures do, and the counters in the sketches for
/// each entry.
fn thrift(capacity: usize) -> (Grade, Grade, Counters) {
    if capacity < LARGE {
        (Grade::Exact, Grade::Exact, COUNTERS.0)
    } else {
        (Grade::Compact(GHOSTS), Grade::Short(GHOSTS), COUNTERS.1)
    }
}

/// Follows the best of eight policies: W-TinyLFU with windows of 10% (the start), 1%, 35% and 75%, LIRS, ARC, S3-FIFO
/// and LRU (the start below 128 entries). 13 to 17 bytes per entry in a large cache, and at most 40,000 in all for the copies. Each call is O(1), but
/// for changes of the policy (other than of the window alone), which are O(entries) and happen during an eviction.
#[derive(Debug)]
pub struct Adaptive {
    family: Family,
    /// How it remembers what left.
    grade: Grade,
    /// The policy at work, and the one that should be.
    present: usize,
    wanted: usize,
    /// Where the window's border is to be, if it may not be there yet.
    border: Option<usize>,
    sketch: Sketch,
    contest: Box<Contest>,
    requests: usize,
    period: usize,
    capacity: usize,
}

impl Adaptive {
    /// For a cache of `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        let (own, copies, counters) = thrift(capacity);
        let contest = Box::new(Contest::new(capacity, copies, counters));
        let start = if contest.shift == 0 { START.1 } else { START.0 };
        Self {
            family: Family::new(KINDS[start], capacity, own),
            grade: own,
            present: start,
            wanted: start,
            border: None,
            sketch: Sketch::new(capacity, counters),
            contest,
            requests: 0,
            period: period(capacity),
            capacity,
        }
    }

    #[inline]
    fn access(&mut self, hash: u64) {
        self.sketch.count(hash);
        let wanted = self.contest.access(hash, self.wanted);
        if wanted != self.wanted {
            self.wanted = wanted;
            self.border = KINDS[wanted].window(self.capacity);
        }
        self.requests += 1;
        if self.requests >= self.period {
            self.requests = 0;
            self.contest.age();
        }
        if self.border.is_some() {
            self.move_window();
        }
    }

    /// From one window to another there is nothing to rebuild: the border moves by an entry at a time.
    #[inline]
    fn move_window(&mut self) {
        let Family::TinyLfu(segments) = &mut self.family else { return };
        let Some(wanted) = self.border else { return };
        self.present = self.wanted;
        if !segments.approach(wanted) {
            self.border = None;
        }
    }
}

/// The requests after which scores are worth less.
fn period(capacity: usize) -> usize {
    (capacity / 2).max(SHORTEST_PERIOD)
}

impl Policy for Adaptive {
    fn with_capacity(capacity: usize) -> Self {
        Self::new(capacity)
    }

    fn record(&self) -> Record {
        Record::Thinned
    }

    fn set_capacity(&mut self, capacity: usize) {
        let (own, copies, counters) = thrift(capacity);
        (self.capacity, self.grade, self.period) = (capacity, own, period(capacity));
        self.family.resize(capacity, own, None);
        self.sketch.resize(capacity, counters);
        self.contest.resize(capacity, copies, counters);
        self.border = KINDS[self.wanted].window(capacity);
    }

    fn insert(&mut self, slot: Slot, hash: u64) {
        self.family.insert(slot, hash);
        self.sketch.make_room(|| self.family.len());
    }

    fn used(&mut self, slot: Slot, hash: u64) {
        self.access(hash);
        self.family.used(slot, hash);
    }

    fn missed(&mut self, hash: u64) {
        self.access(hash);
    }

    fn evict(&mut self, incoming: u64, entries: &mut dyn Entries) -> Option<Slot> {
        if self.present != self.wanted {
            self.present = self.wanted;
            self.family.become_another(KINDS[self.present], self.capacity, self.grade);
        }
        self.family.evict(incoming, entries, &self.sketch)
    }

    fn remove(&mut self, slot: Slot) {
        self.family.remove(slot);
    }

    fn len(&self) -> usize {
        self.family.len()
    }

    fn contains(&self, slot: Slot) -> bool {
        self.family.contains(slot)
    }

    fn bytes(&self) -> usize {
        let minis: usize = self.contest.minis.iter().map(Mini::bytes).sum();
        let sketches = self.sketch.bytes() + self.contest.sketch.bytes();
        self.family.bytes() + sketches + minis + size_of::<Contest>()
    }

    fn validate(&self) {
        self.family.validate();
        self.sketch.validate();
        self.contest.minis.iter().for_each(Mini::validate);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::mix;

    /// A cache in which the slot is the key, so that hashes need not be kept.
    struct Keys(Vec<u64>);

    impl Entries for Keys {
        fn take_uses(&mut self, _slot: Slot) -> u8 {
            0
        }

        fn hash(&self, slot: Slot) -> u64 {
            mix(self.0[slot as usize])
        }
    }

    /// Misses only: each newcomer takes the slot of a victim.
    fn misses(policy: &mut Adaptive, keys: &mut Keys, range: std::ops::Range<u64>) {
        for key in range {
            policy.missed(mix(key));
            let slot = if keys.0.len() < policy.capacity {
                keys.0.push(key);
                keys.0.len() as Slot - 1
            } else {
                policy.evict(mix(key), keys).expect("a full cache has a victim")
            };
            keys.0[slot as usize] = key;
            policy.insert(slot, mix(key));
        }
    }

    #[test]
    fn each_family_takes_over_and_stays_small() {
        let (capacity, most) = (100_000, [13.1, 13.1, 13.1, 13.1, 17.1, 14.1, 15.1, 12.1]);
        let mut policy = Adaptive::new(capacity);
        let mut keys = Keys(Vec::new());
        misses(&mut policy, &mut keys, 0..capacity as u64);
        let mut from = capacity as u64;
        for wanted in (0..KINDS.len()).chain((0..KINDS.len()).rev()) {
            let misses_each = policy.period as u64 / 2;
            (policy.requests, policy.wanted) = (0, wanted);
            misses(&mut policy, &mut keys, from..from + misses_each);
            from += misses_each;
            assert_eq!(policy.len(), capacity);
            policy.validate();
            let copies: usize = policy.contest.minis.iter().map(Mini::bytes).sum();
            assert!(copies < 40_000, "{copies}");
            let each = (policy.family.bytes() + policy.sketch.bytes()) as f64 / capacity as f64;
            assert!(each <= most[wanted], "{:?}: {each}", KINDS[wanted]);
        }
    }
}
