//! When a use is worth telling: an entry's first in each generation.

/// Generations in which as many entries come in as the cache holds.
const IN_A_TURNOVER: usize = 64;
/// The mark of an entry of which no use was told yet.
const NEW: u8 = 0;

/// Thins out the uses that are told to a policy that [asks for that](super::Record::Thinned).
///
/// A generation lasts for a 64th of the capacity in insertions, or for one insertion in a small cache. An entry
/// carries the mark of the generation in which a use of it was last told, and further uses in the same one are passed
/// over: between them too little came in to change what a policy thinks of an entry. So while nothing comes in a hit
/// costs a load and a comparison.
///
/// ```
/// # use cached_core::policy::Generation;
/// let mut generation = Generation::new(1000);
/// let mut entry = generation.inserted(); // the entry's mark, for a writer under its lock
/// for _ in 0..1000 {
///     generation.inserted(); // of other entries
/// }
/// let mut told = 0;
/// for _ in 0..1000 {
///     // What a hit does: read the number, compare, and only if it differs write the mark and tell the policy.
///     if entry != generation.mark() {
///         entry = generation.mark();
///         told += 1;
///     }
/// }
/// assert_eq!(told, 1);
/// ```
#[derive(Debug)]
pub struct Generation {
    /// From 1 to 255, around and around. An entry that meets its own mark by chance after 255 generations loses one
    /// event, which does no harm.
    mark: u8,
    insertions: usize,
    length: usize,
}

impl Generation {
    /// For a cache of `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        Self { mark: 1, insertions: 0, length: length(capacity) }
    }

    /// For another capacity.
    pub fn set_capacity(&mut self, capacity: usize) {
        self.length = length(capacity);
    }

    /// The present generation: the mark of an entry of which a use is told now. Never zero.
    #[inline]
    pub fn mark(&self) -> u8 {
        self.mark
    }

    /// An entry came in. Returns the mark it begins with: the present generation's, for that it came in is known, so
    /// that uses shortly after count as one with it; or 0 in a small cache, where each use has a say.
    #[inline]
    pub fn inserted(&mut self) -> u8 {
        self.insertions += 1;
        if self.insertions >= self.length {
            self.insertions = 0;
            self.mark = if self.mark == u8::MAX { 1 } else { self.mark + 1 };
        }
        if self.length > 1 { self.mark } else { NEW }
    }
}

fn length(capacity: usize) -> usize {
    (capacity / IN_A_TURNOVER).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turnover_has_64_generations() {
        for (capacity, insertions) in [(0, 1), (1, 1), (127, 1), (128, 2), (6400, 100)] {
            let mut generation = Generation::new(capacity);
            for _ in 0..600 {
                let before = generation.mark();
                assert_ne!(before, 0);
                (1..insertions).for_each(|_| assert_eq!(generation.inserted(), before));
                let first = generation.inserted();
                assert_ne!(generation.mark(), before);
                assert_eq!(first, if insertions > 1 { generation.mark() } else { 0 });
            }
        }
    }

    #[test]
    fn another_capacity_counts_at_once() {
        let mut generation = Generation::new(1_000_000);
        (0..100).for_each(|_| assert_eq!(generation.inserted(), 1));
        generation.set_capacity(640);
        assert_eq!(generation.inserted(), 2);
    }
}
