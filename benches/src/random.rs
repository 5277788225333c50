//! Reproducible randomness: every run, on every machine, looks up the same keys in the same order.

/// `SplitMix64`: small, and good enough to shuffle and to draw by.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        scramble(self.0)
    }

    /// Evenly from 0 up to 1, 1 excluded.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Evenly below a number.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from((u128::from(self.next()) * end as u128) >> 64).expect("less than a usize")
    }

    /// Puts items in any order, each as likely as the others.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }

    /// All items several times over, in another order each time.
    pub(crate) fn passes<T: Copy>(&mut self, items: &[T], passes: usize) -> Vec<T> {
        let mut items = items.to_vec();
        let mut all = Vec::with_capacity(items.len() * passes);
        for _ in 0..passes {
            self.shuffle(&mut items);
            all.extend_from_slice(&items);
        }
        all
    }
}

/// Spreads numbers over all 64 bits, no two to the same.
pub(crate) fn scramble(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// Numbers below `n` where the one of rank r is drawn in proportion to 1 / r^exponent.
///
/// Draws by the cumulated weights, exactly and not by approximation. The draws are made before anything is timed, so
/// it does not matter that each takes a search.
#[derive(Debug)]
pub(crate) struct Zipf {
    cumulated: Vec<f64>,
}

impl Zipf {
    pub(crate) fn new(n: u32, exponent: f64) -> Self {
        let mut sum = 0.0;
        let weights = (1..=n).map(|rank| f64::from(rank).powf(-exponent));
        let cumulated = weights
            .map(|weight| {
                sum += weight;
                sum
            })
            .collect();
        Self { cumulated }
    }

    /// A rank, from 0.
    pub(crate) fn draw(&self, random: &mut Random) -> usize {
        let total = self.cumulated.last().copied().unwrap_or(0.0);
        let point = random.unit() * total;
        self.cumulated.partition_point(|&sum| sum <= point).min(self.cumulated.len().saturating_sub(1))
    }

    /// How likely a rank is.
    #[cfg(test)]
    fn share(&self, rank: usize) -> f64 {
        let below = if rank == 0 { 0.0 } else { self.cumulated[rank - 1] };
        (self.cumulated[rank] - below) / self.cumulated[self.cumulated.len() - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let draw = |seed| {
            let mut random = Random::new(seed);
            [random.next(), random.next(), random.next()]
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<u32> = (0..1000).collect();
        Random::new(7).shuffle(&mut items);
        assert!(!items.is_sorted());
        items.sort_unstable();
        assert!(items.into_iter().eq(0..1000));
    }

    #[test]
    fn passes_have_each_item_once_a_pass() {
        let all = Random::new(3).passes(&[1, 2, 3, 4], 5);
        assert!(all.chunks(4).all(|pass| pass.iter().collect::<HashSet<_>>().len() == 4));
        assert_eq!(all.len(), 20);
    }

    #[test]
    fn scrambled_numbers_stay_apart() {
        assert_eq!((0..10_000).map(scramble).collect::<HashSet<_>>().len(), 10_000);
    }

    #[test]
    fn zipf_draws_by_rank() {
        const DRAWS: u32 = 200_000;
        let zipf = Zipf::new(100, 0.9);
        let mut random = Random::new(11);
        let mut counts = [0_u32; 100];
        (0..DRAWS).for_each(|_| counts[zipf.draw(&mut random)] += 1);
        for rank in [0, 1, 9, 99] {
            let share = f64::from(counts[rank]) / f64::from(DRAWS);
            assert!((share - zipf.share(rank)).abs() < 0.005, "rank {rank}: {share}");
        }
        let twice = zipf.share(0) / zipf.share(1);
        assert!((twice - 2_f64.powf(0.9)).abs() < 1e-9, "{twice}");
    }

    #[test]
    fn zipf_with_exponent_zero_is_even() {
        let zipf = Zipf::new(4, 0.0);
        assert!((0..4).all(|rank| (zipf.share(rank) - 0.25).abs() < 1e-12));
    }
}
