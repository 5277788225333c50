//! What a cache's counters say about how it should be changed.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use crate::clock::Clock;
use crate::flight::Label;
use crate::hooks::Hooked;
use crate::info::CacheInfo;
use crate::key::{ByKey, Owned};
use crate::options::Options;
use crate::outcome::mode;
use crate::still::Instant;
use crate::store::Store;

/// Fewer calls say nothing.
const ENOUGH: u64 = 1_000;
/// The same for evicted entries that came back, of which a small cache has few.
const ENOUGH_RETURNED: u64 = 30;
/// Below this hit ratio a cache is useless.
const USELESS: f64 = 0.01;
/// From this share of misses on that more room would have spared, a cache is too small.
const TOO_SMALL: f64 = 0.1;

/// What to change about a cache, and why, as far as its counters tell. Prints as a sentence.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Advice {
    /// Many misses were of entries that had been evicted shortly before.
    TooSmall {
        /// Their share of all misses, from 0 to 1.
        share: f64,
        /// The bound with which most of them would have been hits: of `max`, or of `max_weight`.
        bound: u64,
        /// Whether it is the weight that bounds the cache.
        by_weight: bool,
    },
    /// Next to no call is a hit.
    RarelyHit {
        /// The share of calls that were hits, from 0 to 1.
        ratio: f64,
        /// How many calls that says of.
        calls: u64,
    },
    /// Looking up and storing takes more time than the hits save.
    NotWorthIt {
        /// The mean time of a run of the body.
        load: Duration,
        /// What the hits saved.
        gain: Duration,
        /// About what the cache took for that.
        cost: Duration,
    },
}

/// What the cache itself takes, about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Costs {
    pub(crate) hit: Duration,
    /// Beside the run of the body.
    pub(crate) miss: Duration,
}

impl CacheInfo {
    /// What to change about the cache, if its counters tell; `None` where all is well, or where there were too few calls to tell.
    ///
    /// What hits and misses cost is measured on this machine when it is first needed, with the smallest of keys: some 100 us, once.
    ///
    /// ```
    /// use cached_core::memoize;
    ///
    /// #[memoize(max = 50, policy = lru)]
    /// fn price(id: u32) -> u32 {
    ///     id * 100
    /// }
    ///
    /// // 60 prices, one after the other, again and again: the least recently used one is always the next.
    /// (0..6_000).for_each(|n| drop(price(n % 60)));
    /// let advice = price::cache_info().advice().unwrap();
    /// assert_eq!(
    ///     advice.to_string(),
    ///     "99% of misses were of entries evicted shortly before: raise `max` to about 63"
    /// );
    /// ```
    pub fn advice(&self) -> Option<Advice> {
        self.advice_by(Costs::here)
    }

    pub(crate) fn advice_by(&self, costs: impl FnOnce() -> Costs) -> Option<Advice> {
        self.too_small().or_else(|| self.useless(costs))
    }

    fn too_small(&self) -> Option<Advice> {
        let share = self.returned as f64 / self.misses.max(1) as f64;
        if self.returned < ENOUGH_RETURNED || share < TOO_SMALL {
            return None;
        }
        // With two bounds it is the one that is reached.
        let by_weight = match (self.max, self.max_weight) {
            (Some(max), Some(_)) => self.len < max - max / 10,
            (max, weight) => max.is_none() && weight.is_some(),
        };
        let bound = if by_weight {
            let (weight, len) = (u128::from(self.max_weight?), self.len.max(1) as u128);
            let wanted = weight * (len + u128::from(self.missing_room)) / len;
            u64::try_from(wanted).unwrap_or(u64::MAX)
        } else {
            (self.max? as u64).saturating_add(self.missing_room)
        };
        Some(Advice::TooSmall { share: share.min(1.0), bound: about(bound), by_weight })
    }

    fn useless(&self, costs: impl FnOnce() -> Costs) -> Option<Advice> {
        let calls = self.hits + self.misses + self.coalesced;
        if calls < ENOUGH {
            return None;
        }
        // Who waited for another's load was spared one, too.
        let spared = self.hits + self.coalesced;
        let ratio = spared as f64 / calls as f64;
        if ratio < USELESS {
            return Some(Advice::RarelyHit { ratio, calls });
        }
        let (load, costs) = (self.mean_load_time(), costs());
        let (gain, cost) = (times(load, spared), times(costs.hit, spared) + times(costs.miss, self.misses));
        (self.loads > 0 && gain < cost).then_some(Advice::NotWorthIt { load, gain, cost })
    }
}

fn times(duration: Duration, n: u64) -> Duration {
    let nanos = duration.as_nanos().saturating_mul(u128::from(n));
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// The next number with two digits and zeros.
fn about(n: u64) -> u64 {
    let step = 10_u64.pow(n.max(1).ilog10().saturating_sub(1));
    n.div_ceil(step).saturating_mul(step)
}

/// `20000` as `20_000`.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

/// A weight as it is written in an option, where it is in bytes.
fn weight(n: u64) -> String {
    for (unit, name) in [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")] {
        if n >= 10 * unit {
            return format!("{}{name}", grouped(about(n.div_ceil(unit))));
        }
    }
    grouped(n)
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooSmall { share, bound, by_weight } => {
                let (option, bound) =
                    if *by_weight { ("max_weight", weight(*bound)) } else { ("max", grouped(*bound)) };
                let share = share * 100.0;
                write!(f, "{share:.0}% of misses were of entries evicted shortly before: ")?;
                write!(f, "raise `{option}` to about {bound}")
            }
            Self::RarelyHit { ratio, calls } => {
                if *ratio == 0.0 {
                    write!(f, "none of {} calls was a hit: ", grouped(*calls))?;
                } else {
                    write!(f, "{:.1}% of {} calls were hits: ", ratio * 100.0, grouped(*calls))?;
                }
                f.write_str(
                    "the cache saves nothing. Keep out of the key what does not matter, or do without",
                )
            }
            Self::NotWorthIt { load, gain, cost } => {
                write!(
                    f,
                    "a run takes {load:.0?}, no more than looking it up: the cache took about {cost:.1?} "
                )?;
                write!(f, "to save {gain:.1?}. Do without")
            }
        }
    }
}

impl Costs {
    /// On this machine, of a cache with the smallest of keys and values; the least of several measurements.
    fn here() -> Self {
        static COSTS: OnceLock<Costs> = OnceLock::new();
        *COSTS.get_or_init(|| {
            (0..5).map(|_| Self::measure()).fold(
                Self { hit: Duration::MAX, miss: Duration::MAX },
                |least, costs| Self { hit: least.hit.min(costs.hit), miss: least.miss.min(costs.miss) },
            )
        })
    }

    fn measure() -> Self {
        const KEYS: u32 = 64;
        let label = Label { name: "costs", debug: None, tuple: false };
        let store = Store::<u32, u32>::new("costs", label, Options::new(), Hooked::NONE, Clock::System);
        let begun = Instant::now();
        for key in 0..KEYS {
            let hash = store.hash(&ByKey(&key));
            store.load::<_, u32, { mode::PLAIN }>(hash, Owned(key), |Owned(key)| key);
        }
        let miss = begun.elapsed() / KEYS;
        let begun = Instant::now();
        for key in 0..KEYS {
            std::hint::black_box(store.hit(store.hash(&ByKey(&key)), &ByKey(&key)));
        }
        Self { hit: begun.elapsed() / KEYS, miss }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COSTS: Costs = Costs { hit: Duration::from_nanos(20), miss: Duration::from_nanos(400) };

    fn calls(hits: u64, misses: u64, load: Duration) -> CacheInfo {
        let load_time = load * u32::try_from(misses).unwrap();
        CacheInfo { hits, misses, loads: misses, load_time, ..CacheInfo::default() }
    }

    fn text(info: &CacheInfo) -> String {
        info.advice_by(|| COSTS).map_or_else(|| "none".to_owned(), |advice| advice.to_string())
    }

    #[test]
    fn a_cache_that_is_too_small_is_told_its_size() {
        let info = CacheInfo {
            max: Some(10_000),
            len: 10_000,
            returned: 2_000,
            missing_room: 9_100,
            ..calls(50_000, 5_000, Duration::from_millis(1))
        };
        assert_eq!(
            text(&info),
            "40% of misses were of entries evicted shortly before: raise `max` to about 20_000"
        );
        assert_eq!(text(&CacheInfo { returned: 499, ..info.clone() }), "none", "a tenth is to be expected");
        let never_hit = CacheInfo { hits: 0, ..info };
        assert!(text(&never_hit).contains("raise `max`"), "not useless, only too small");
    }

    #[test]
    fn by_weight_it_is_told_its_weight() {
        let info = CacheInfo {
            max: Some(1_000_000),
            max_weight: Some(64 << 20),
            len: 1_000,
            returned: 600,
            missing_room: 900,
            ..calls(100, 600, Duration::from_millis(1))
        };
        assert_eq!(
            text(&info),
            "100% of misses were of entries evicted shortly before: raise `max_weight` to about 130MiB"
        );
        let full = CacheInfo { len: 950_000, ..info.clone() };
        assert!(text(&full).ends_with("raise `max` to about 1_100_000"), "{}", text(&full));
        let small = CacheInfo { max: None, max_weight: Some(500), len: 100, missing_room: 20, ..info };
        assert!(text(&small).ends_with("raise `max_weight` to about 600"), "{}", text(&small));
    }

    #[test]
    fn a_cache_that_is_never_hit_is_useless() {
        let info = calls(30, 11_970, Duration::from_millis(1));
        assert_eq!(
            text(&info),
            "0.2% of 12_000 calls were hits: the cache saves nothing. Keep out of the key what does not matter, or do without"
        );
        assert_eq!(text(&calls(9, 990, Duration::from_millis(1))), "none", "too few calls to tell");
        assert_eq!(text(&calls(10, 990, Duration::from_millis(1))), "none", "1% will do");
        let shared = CacheInfo { coalesced: 1_000, ..info };
        assert_eq!(text(&shared), "none", "callers that shared a load were spared one");
    }

    #[test]
    fn a_cache_that_costs_more_than_it_saves_is_not_worth_it() {
        let info = calls(19_000, 1_000, Duration::from_nanos(30));
        assert_eq!(
            text(&info),
            "a run takes 30ns, no more than looking it up: the cache took about 780.0µs to save 570.0µs. Do without"
        );
        assert_eq!(text(&calls(19_000, 1_000, Duration::from_nanos(60))), "none");
        assert_eq!(
            text(&CacheInfo { loads: 0, misses: 0, ..info }),
            "none",
            "values were put there, not loaded"
        );
    }

    #[test]
    fn numbers_are_round_and_grouped() {
        assert_eq!([0, 7, 99, 101, 18_734, 9_990_000].map(about), [0, 7, 99, 110, 19_000, 10_000_000]);
        assert_eq!([7, 999, 1_000, 1_234_567].map(grouped), ["7", "999", "1_000", "1_234_567"]);
        assert_eq!(about(u64::MAX - 1), u64::MAX);
        assert_eq!([20, 20 << 10, 100 << 20, 12 << 30].map(weight), ["20", "20KiB", "100MiB", "12GiB"]);
    }

    #[test]
    fn what_a_cache_costs_here_is_measured() {
        let costs = Costs::here();
        assert!(
            costs.hit > Duration::ZERO && costs.hit < costs.miss && costs.miss < Duration::from_millis(1)
        );
    }
}
