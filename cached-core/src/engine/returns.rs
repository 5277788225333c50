//! Which entries come back shortly after they had to leave: what tells that a cache is too small, and by how much.
//!
//! A cache with room for four times as many would still hold the last `3 * max` entries that had to leave. They are remembered
//! as hashes; of a large cache, those of a sample only, chosen by hash, so that a key is always in it or never (as SHARDS does:
//! Waldspurger et al., FAST 2015). How many others have left since says how much larger the cache would have had to be.
//! Touched by insertions and evictions alone.

use std::collections::{HashMap, VecDeque};

use foldhash::fast::FixedState;

use super::raw::RawTable;

/// Most hashes that are remembered: some 8 kB.
const SAMPLE: usize = 256;
/// How many times as many entries as there are now are remembered, before sampling.
const REACH: usize = 3;
/// Steps in which it is noted how much larger the cache would have had to be.
const STEPS: usize = 24;
/// So many that come back are measured, and then one in so many: that takes a look at all others.
const MEASURED: (u64, u64) = (64, 8);
/// The share of those that came back for which there should have been room.
const MOST: f64 = 0.8;

/// See the module's words.
#[derive(Default)]
pub(super) struct Returns {
    /// Tags that have so many zeros before their last bit are in the sample.
    zeros: u32,
    /// In the order in which they left.
    left: VecDeque<u32>,
    /// The number at which each left that has not come back.
    numbers: HashMap<u32, u64, FixedState>,
    /// The next number.
    next: u64,
    /// How many of the sample came back, and how many entries that stands for.
    seen: u64,
    entries: u64,
    /// Of those that were measured: how much larger the cache would have had to be.
    counts: [u32; STEPS],
}

/// What came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Returned {
    /// How many entries, estimated from the sample.
    pub(crate) entries: u64,
    /// With room for so many more, most of them would not have had to leave.
    pub(crate) room: u64,
}

impl Returns {
    /// An entry had to leave; so many are left.
    #[inline]
    pub(super) fn leaves(&mut self, tag: u32, live: usize) {
        // First, since most of a large cache are not in it: how many that should be is looked at for those that are.
        if self.takes(tag) {
            self.remember(tag, live);
        }
    }

    fn remember(&mut self, tag: u32, live: usize) {
        self.fit(live);
        if !self.takes(tag) {
            return;
        }
        if self.left.len() >= self.reach(live) {
            self.forget_first();
        }
        self.left.push_back(tag);
        self.numbers.insert(tag, self.next);
        self.next += 1;
    }

    /// An entry came in that was not there.
    #[inline]
    pub(super) fn comes(&mut self, tag: u32, live: usize) {
        if self.takes(tag) && !self.left.is_empty() {
            self.recall(tag, live);
        }
    }

    fn recall(&mut self, tag: u32, live: usize) {
        let Some(number) = self.numbers.remove(&tag) else { return };
        self.seen += 1;
        self.entries += 1 << self.zeros;
        if self.seen <= MEASURED.0 || self.seen % MEASURED.1 == 0 {
            // Whoever left since, and has not come back.
            let others = self.numbers.values().filter(|other| **other > number).count();
            self.counts[(others * STEPS / self.reach(live)).min(STEPS - 1)] += 1;
        }
    }

    /// How many came back, and how much room they needed beside so many entries.
    pub(super) fn sum(&self, live: usize) -> Returned {
        let measured: u32 = self.counts.iter().sum();
        let mut sum = 0;
        let enough = |count: &u32| {
            sum += count;
            f64::from(sum) >= f64::from(measured) * MOST
        };
        let steps = self.counts.iter().position(enough).map_or(0, |step| step + 1);
        let room = if measured == 0 { 0 } else { (self.reach(live) * steps).div_ceil(STEPS) << self.zeros };
        Returned { entries: self.entries, room: room as u64 }
    }

    /// Counts anew.
    pub(super) fn reset(&mut self) {
        (self.seen, self.entries, self.counts) = (0, 0, [0; STEPS]);
    }

    /// All have left for another reason than want of room.
    pub(super) fn clear(&mut self) {
        self.left.clear();
        self.numbers.clear();
    }

    fn takes(&self, tag: u32) -> bool {
        // Every tag has the lowest bit.
        (tag >> 1).trailing_zeros() >= self.zeros
    }

    /// How many are remembered beside so many entries.
    fn reach(&self, live: usize) -> usize {
        (live.max(1).saturating_mul(REACH) >> self.zeros).clamp(1, SAMPLE)
    }

    /// Samples no more than there is room for, and begins anew where that is far too few.
    fn fit(&mut self, live: usize) {
        let all = live.max(1).saturating_mul(REACH);
        let mut zeros = 0;
        while all >> zeros > SAMPLE {
            zeros += 1;
        }
        if zeros > self.zeros || zeros + 2 < self.zeros {
            self.zeros = zeros;
            self.clear();
        }
    }

    fn forget_first(&mut self) {
        let number = self.next - self.left.len() as u64;
        let Some(first) = self.left.pop_front() else { return };
        if self.numbers.get(&first) == Some(&number) {
            self.numbers.remove(&first);
        }
    }
}

impl RawTable {
    /// What came back after it had to leave. A cache that evicts has one part.
    pub(crate) fn returned(&self) -> Returned {
        let [part] = &**self.parts else { return Returned::default() };
        let mut shelf = part.shelf.write();
        let live = shelf.live();
        shelf.split().1.returns().map_or_else(Returned::default, |returns| returns.sum(live))
    }

    pub(crate) fn reset_returned(&self) {
        for part in self.parts.iter() {
            if let Some(returns) = part.shelf.write().split().1.returns() {
                returns.reset();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cache that evicts its oldest entry, asked for its keys in circles of `keys`.
    fn circles(max: usize, keys: u32, rounds: usize) -> Returned {
        let (mut returns, mut queue) = (Returns::default(), VecDeque::new());
        let mut cached = vec![false; keys as usize];
        for key in (0..rounds).flat_map(|_| 0..keys) {
            if cached[key as usize] {
                continue;
            }
            returns.comes(key, max);
            if queue.len() == max {
                let oldest: u32 = queue.pop_front().unwrap();
                returns.leaves(oldest, max);
                cached[oldest as usize] = false;
            }
            queue.push_back(key);
            cached[key as usize] = true;
        }
        assert!(returns.left.len() <= SAMPLE && returns.numbers.len() <= returns.left.len());
        returns.sum(max)
    }

    #[test]
    fn a_small_cache_is_watched_whole() {
        // 10 of 15 have room; each comes back once in a round.
        let returned = circles(10, 15, 101);
        assert_eq!(returned.entries, 1500);
        assert!((5..=7).contains(&returned.room), "{returned:?}");
        let returned = circles(1, 2, 11);
        assert_eq!((returned.entries, returned.room), (20, 1));
    }

    #[test]
    fn a_large_one_by_a_sample() {
        let returned = circles(2000, 3000, 20);
        let all = 3000 * 19;
        assert!(returned.entries.abs_diff(all) < all / 5, "{returned:?}");
        assert!((1000..=1500).contains(&returned.room), "{returned:?}");
    }

    #[test]
    fn who_comes_back_late_or_never_is_not_counted() {
        assert_eq!(circles(10, 10, 10), Returned::default());
        assert_eq!(circles(10, 100, 10).entries, 0, "they would need ten times the room");
        let mut returns = Returns::default();
        (0..100_000).for_each(|key| {
            returns.comes(key, 10);
            returns.leaves(key, 10);
        });
        assert_eq!(returns.sum(10), Returned::default());
    }

    #[test]
    fn the_sample_follows_the_size_and_keeps_its_counts() {
        let mut returns = Returns::default();
        returns.leaves(1, 10);
        returns.comes(1, 10);
        (0..10_000).for_each(|key| returns.leaves(key, 1_000_000));
        assert!(returns.left.len() < 10 && returns.sum(10).entries == 1);
        (0..10_000).for_each(|key| returns.leaves(key, 10));
        assert_eq!(returns.left.len(), 30);
        returns.reset();
        assert_eq!(returns.sum(10), Returned::default());
    }
}
