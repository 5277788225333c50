//! How often each key was asked for of late, resident or not, in a few bits per entry: a count-min sketch with 4-bit
//! counters that are halved now and then (the design of Caffeine's frequency sketch). All four counters of a key lie
//! in one block of 64 bytes, so that counting costs one cache miss.

use super::hash::{FACTORS, scale, spread};

/// Words in a block: one line of the processor's cache.
const BLOCK: usize = 8;
/// The lowest bit of each counter.
const LOWEST: u64 = 0x1111_1111_1111_1111;
/// The count at which a counter stays.
const MOST: u64 = 15;
/// Requests for each entry of capacity between two halvings.
const PERIOD: usize = 10;
/// Small caches get the sketch of this capacity: a few keys more cost nothing and collide less.
const LEAST: usize = 256;
type Block = [u64; BLOCK];

/// See the module's words.
#[derive(Debug)]
pub(crate) struct Sketch {
    blocks: Vec<Block>,
    counted: usize,
    period: usize,
    /// The entries that its size is right for, and those that may come.
    entries: usize,
    capacity: usize,
    counters: Counters,
}

impl Sketch {
    /// For a cache of `capacity` entries, with so many counters.
    pub(crate) fn new(capacity: usize, counters: Counters) -> Self {
        let entries = capacity.min(counters.first());
        let blocks = vec![[0; BLOCK]; counters.blocks(entries)];
        Self { blocks, counted: 0, period: period(entries), entries, capacity, counters }
    }

    /// For another capacity.
    pub(crate) fn resize(&mut self, capacity: usize, counters: Counters) {
        (self.capacity, self.counters) = (capacity, counters);
        self.fit(capacity.min(self.entries.max(counters.first())));
    }

    /// The cache holds so many entries, which is asked for only while that matters.
    #[inline]
    pub(crate) fn make_room(&mut self, entries: impl FnOnce() -> usize) {
        if self.entries < self.capacity {
            let entries = entries();
            if self.entries < entries {
                self.fit(self.capacity.min(entries * 2));
            }
        }
    }

    /// The table keeps its counts, and its size too unless that is wrong by a factor of two or
    /// more: a key's block follows from the upper bits of a number, so in a table of twice the size the two blocks
    /// that a key of a block may be in are neighbours, and begin as copies of it.
    #[cold]
    fn fit(&mut self, entries: usize) {
        self.entries = entries;
        let wanted = self.counters.blocks(entries);
        while wanted >= self.blocks.len() * 2 {
            self.blocks = self.blocks.iter().flat_map(|&block| [block, block]).collect();
        }
        while wanted * 4 <= self.blocks.len() && self.blocks.len() % 2 == 0 {
            self.blocks = self.blocks.chunks_exact(2).map(|pair| larger(pair[0], pair[1])).collect();
        }
        self.period = period(entries);
        if self.counted >= self.period {
            self.halve();
        }
    }

    /// How often the key was counted since the last halvings; at most 15.
    #[inline]
    pub(crate) fn estimate(&self, hash: u64) -> u8 {
        let (of_block, of_counters) = self.counters.draw(hash);
        let block = &self.blocks[scale(of_block, self.blocks.len())];
        let mut least = MOST;
        for (word, shift) in places(of_counters) {
            least = least.min(block[word] >> shift & MOST);
        }
        least as u8
    }

    /// Counts a use of the key.
    #[inline]
    pub(crate) fn count(&mut self, hash: u64) {
        let (of_block, of_counters) = self.counters.draw(hash);
        let at = scale(of_block, self.blocks.len());
        let block = &mut self.blocks[at];
        let mut added = 0;
        for (word, shift) in places(of_counters) {
            let room = u64::from(block[word] >> shift & MOST != MOST);
            block[word] += room << shift;
            added |= room;
        }
        self.counted += added as usize;
        if self.counted >= self.period {
            self.halve();
        }
    }

    #[cold]
    fn halve(&mut self) {
        let mut odd = 0;
        for word in self.blocks.as_flattened_mut() {
            odd += (*word & LOWEST).count_ones() as usize;
            *word = (*word >> 1) & !(LOWEST << 3);
        }
        // Each key has four counters; what the odd ones lost is no longer counted.
        self.counted = self.counted.saturating_sub(odd / 4) / 2;
    }

    pub(crate) fn bytes(&self) -> usize {
        self.blocks.capacity() * size_of::<Block>()
    }

    pub(crate) fn validate(&self) {
        assert!(self.counted < self.period);
    }
}

/// The requests between two halvings.
fn period(entries: usize) -> usize {
    entries.max(LEAST).saturating_mul(PERIOD)
}

/// The words and shifts of a key's four counters in its block, one in each quarter.
#[inline]
fn places(bits: u32) -> [(usize, u32); 4] {
    let place = |quarter: usize| {
        let byte = bits >> (quarter * 8);
        (quarter * 2 + (byte & 1) as usize, (byte >> 1 & 15) * 4)
    };
    [place(0), place(1), place(2), place(3)]
}

/// The draws of Caffeine's sketch, function and constants: bits for the block, of which the lower ones say which it is (the upper ones
/// once they are turned round), and bits for the counters. The upper half of the hash has a say in the latter,
/// too: with Caffeine's 32 bits alone keys that share a block of a large table share counters more often than by chance.
#[inline]
fn caffeine(hash: u64) -> (u32, u32) {
    let bits = hash as u32;
    let bits = (bits ^ bits >> 17).wrapping_mul(0xed5a_d4bb);
    let bits = (bits ^ bits >> 11).wrapping_mul(0xac4c_1b51);
    let bits = bits ^ bits >> 15;
    let counters = (bits ^ (hash >> 32) as u32).wrapping_mul(0x3184_8bab);
    (bits.reverse_bits(), counters ^ counters >> 14)
}

/// How many counters there are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counters {
    /// So many for each entry.
    Each(usize),
    /// Sixteen for each entry, and then up to the next power of two: the size that the reference has, and its draws, so that the two
    /// can be compared to the hit. They cost more than one multiplication each.
    Rounded,
}

impl Counters {
    /// The most entries that a sketch begins with room for. It grows as they come: a bound may be far above what is ever kept.
    fn first(self) -> usize {
        match self {
            Self::Each(_) => 1 << 17,
            Self::Rounded => 1 << 20,
        }
    }

    /// What tells a key's block, and its counters in it.
    #[inline]
    fn draw(self, hash: u64) -> (u32, u32) {
        match self {
            Self::Each(_) => (spread(hash, FACTORS[0]), spread(hash, FACTORS[1])),
            Self::Rounded => caffeine(hash),
        }
    }

    fn blocks(self, capacity: usize) -> usize {
        let entries = capacity.max(LEAST);
        let words = match self {
            Self::Each(counters) => entries * counters / 16,
            Self::Rounded => entries.next_power_of_two(),
        };
        words.div_ceil(BLOCK)
    }
}

/// Of each pair of counters the larger one, so that no count becomes too low.
fn larger(one: Block, other: Block) -> Block {
    std::array::from_fn(|at| {
        let of = |word: u64, shift: u32| word >> shift & MOST;
        (0..64).step_by(4).fold(0, |word, shift| word | of(one[at], shift).max(of(other[at], shift)) << shift)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::hash::mix;

    #[test]
    fn counts_to_fifteen_and_never_too_low() {
        let mut sketch = Sketch::new(1000, Counters::Each(16));
        for key in 0..100_u64 {
            for _ in 0..key % 20 {
                sketch.count(mix(key));
            }
        }
        for key in 0..100 {
            assert!(u64::from(sketch.estimate(mix(key))) >= (key % 20).min(15));
        }
    }

    #[test]
    fn another_capacity_keeps_the_counts() {
        let mut sketch = Sketch::new(1000, Counters::Each(16));
        let count = |key: u64| key % 14;
        for key in 0..200 {
            (0..count(key)).for_each(|_| sketch.count(mix(key)));
        }
        for (capacity, words) in [(1500, 1000), (9000, 8000), (4100, 8000), (1100, 4000), (100_000, 64_000)] {
            sketch.resize(capacity, Counters::Each(16));
            sketch.validate();
            assert_eq!(sketch.blocks.len() * BLOCK, words);
            let estimates = (0..200).map(|key| (u64::from(sketch.estimate(mix(key))), count(key)));
            assert!(estimates.clone().all(|(estimate, count)| estimate >= count));
            assert!(estimates.map(|(estimate, count)| estimate - count).sum::<u64>() < 20);
        }
    }

    #[test]
    fn a_sketch_grows_with_what_is_there_and_not_with_what_may_come() {
        for counters in [Counters::Each(16), Counters::Rounded] {
            let first = counters.first();
            for capacity in [first + 1, usize::MAX / 64, usize::MAX] {
                let mut sketch = Sketch::new(capacity, counters);
                (0..5).for_each(|_| sketch.count(mix(1)));
                sketch.make_room(|| first);
                assert_eq!(sketch.bytes(), first * 8);
                sketch.make_room(|| first + 1);
                assert_eq!(sketch.entries, capacity.min(2 * first + 2));
                let grown =
                    if capacity == first + 1 { first * 8..first * 17 } else { first * 16..first * 33 };
                assert!(grown.contains(&sketch.bytes()));
                assert!(sketch.estimate(mix(1)) >= 5);
                sketch.validate();
            }
        }
    }

    #[test]
    fn a_period_halves_the_counts() {
        let mut sketch = Sketch::new(256, Counters::Each(16));
        for _ in 0..8 {
            sketch.count(mix(1));
        }
        let others = (2..).map(mix).take(256 * PERIOD);
        others.for_each(|hash| sketch.count(hash));
        assert!((4..8).contains(&sketch.estimate(mix(1))));
        sketch.validate();
    }
}
