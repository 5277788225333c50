//! What a cache knows of itself: counters that do not contend, and the snapshot that is shown.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::epoch::{self, Visit};
use crate::policy::PolicyKind;
use crate::sync::{Padded, processors};

/// The state of a cache at one moment: what its counters say since the start or the last `reset_info`, and its size.
///
/// Every call counts once: as a hit, as a miss (it ran the body) or as coalesced (it joined a load that another
/// call had begun). Under concurrency the counters are each exact, but read one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheInfo {
    /// The function's path, or the name it was given.
    pub name: String,
    /// Who leaves when the cache is full.
    pub policy: PolicyKind,
    /// Calls answered from the cache.
    pub hits: u64,
    /// Calls that found nothing and ran the body.
    pub misses: u64,
    /// Calls that waited for a load of the same key which another call had begun, and got its result.
    pub coalesced: u64,
    /// Runs of the body, by misses and by `refresh`, that ended in a value; `uncached` is not counted. Of a `batch`
    /// function, keys that a run brought a value for.
    pub loads: u64,
    /// Runs of the body that ended in an error or a panic, or took longer than `load_timeout`.
    pub load_failures: u64,
    /// Time spent in the body, by loads and failures together. Loads of memoized functions which the body called are
    /// not in it: they count with their own function. A thread that has seen 256 loads in a row of less than 5 us each times
    /// the next by the system's coarse clock (on Linux): right on the whole, not for each of them.
    pub load_time: Duration,
    /// Entries that left to make room.
    pub evictions: u64,
    /// Misses of keys whose entry had been evicted shortly before: what a cache with up to four times as much room would have
    /// answered. Exact for small caches, of those with more than some 170 entries an estimate from a sample. What is stored counts,
    /// not loads that fail.
    pub returned: u64,
    /// For how many entries more there would have had to be room, so that most of the [`returned`](Self::returned) ones had been hits.
    pub missing_room: u64,
    /// Entries removed because their time to live was over.
    pub expirations: u64,
    /// Entries removed on request: by `invalidate`, `invalidate_if`, `clear` and by tags.
    pub invalidations: u64,
    /// Calls answered with a value past its `refresh_after` or its `ttl`; each of them counts as a hit, as a miss (its own
    /// load failed) or as coalesced, too.
    pub stale_hits: u64,
    /// Loads that `refresh` asked for, and reloads that `refresh_after` began.
    pub refreshes: u64,
    /// Runs of the body of a `batch` function, each for many keys; `hits`, `misses`, `loads` and all else count keys. 0
    /// for other functions.
    pub batches: u64,
    /// Calls that a `lazy` function put off: the `Lazy` values it made, clones not among them. 0 for other functions.
    pub created: u64,
    /// Times that calls of a `lazy` function were forced, from the cache or by a load. 0 for other functions.
    pub forced: u64,
    /// Entries held now. Expired ones that nothing has cleared away yet are among them; but before they are counted, up to 16,384 of these
    /// are.
    pub len: usize,
    /// Most entries that are kept; `None` without such a bound.
    pub max: Option<usize>,
    /// What the entries weigh together, where weights bound the cache; else 0.
    pub weight: u64,
    /// Most weight that is kept; `None` without such a bound.
    pub max_weight: Option<u64>,
}

impl CacheInfo {
    /// Hits over all calls, from 0 to 1; 0 where there was no call.
    pub fn hit_ratio(&self) -> f64 {
        let calls = self.hits + self.misses + self.coalesced;
        if calls == 0 { 0.0 } else { self.hits as f64 / calls as f64 }
    }

    /// Mean duration of a run of the body; zero where none was.
    pub fn mean_load_time(&self) -> Duration {
        let runs = self.loads + self.load_failures;
        if runs == 0 { Duration::ZERO } else { div(self.load_time, runs) }
    }

    /// What the hits would have cost: their number times the [mean load time](Self::mean_load_time). An estimate,
    /// which takes the calls that hit to be as expensive as those that missed.
    pub fn time_saved(&self) -> Duration {
        let nanos = self.mean_load_time().as_nanos().saturating_mul(u128::from(self.hits));
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

fn div(duration: Duration, by: u64) -> Duration {
    Duration::from_nanos(u64::try_from(duration.as_nanos() / u128::from(by)).unwrap_or(u64::MAX))
}

/// One line: what matters first; what never happened is left out.
impl fmt::Display for CacheInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "hits={} misses={} len={} max=", self.hits, self.misses, self.len)?;
        match self.max {
            Some(max) => write!(f, "{max}")?,
            None => f.write_str("none")?,
        }
        if let Some(max) = self.max_weight {
            write!(f, " weight={} max_weight={max}", self.weight)?;
        }
        write!(f, " hit_ratio={:.1}%", self.hit_ratio() * 100.0)?;
        let rare = [
            ("coalesced", self.coalesced),
            ("load_failures", self.load_failures),
            ("evictions", self.evictions),
            ("returned", self.returned),
            ("expirations", self.expirations),
            ("invalidations", self.invalidations),
            ("stale_hits", self.stale_hits),
            ("refreshes", self.refreshes),
            ("batches", self.batches),
            ("created", self.created),
            ("forced", self.forced),
        ];
        for (name, count) in rare.into_iter().filter(|(_, count)| *count > 0) {
            write!(f, " {name}={count}")?;
        }
        write!(f, " mean_load={:.1?} saved={:.1?}", self.mean_load_time(), self.time_saved())
    }
}

/// What is counted.
#[derive(Clone, Copy)]
pub(crate) enum Count {
    Hits,
    Misses,
    Coalesced,
    Loads,
    LoadFailures,
    LoadNanos,
    Evictions,
    Expirations,
    Invalidations,
    Refreshes,
    StaleHits,
    Batches,
    Created,
    Forced,
    /// Brief loads in a row; not for show. See [`Stopwatch`](crate::stopwatch::Stopwatch).
    Brief,
}

const COUNTS: usize = 15;

/// Counters in stripes. A thread counts in a stripe that is its own, with a plain load and store; threads beyond the
/// number of stripes share one and add atomically. A reader adds them up.
pub(crate) struct Counters {
    own: Box<[Padded<Stripe>]>,
    shared: Stripe,
    /// What the stripes held at the last reset: only its owner may write to a stripe.
    zero: Stripe,
    heir: Option<Heir>,
}

/// Who counts on with what counters held that are gone.
type Heir = Box<dyn Fn(&Counters) + Send + Sync>;

type Stripe = [AtomicU64; COUNTS];

impl Counters {
    pub(crate) fn new() -> Self {
        let threads = processors();
        let own = (0..(threads * 2).clamp(8, 64)).map(|_| Padded::default()).collect();
        Self { own, shared: Stripe::default(), zero: Stripe::default(), heir: None }
    }

    pub(crate) fn set_heir(&mut self, heir: Heir) {
        self.heir = Some(heir);
    }

    /// Counts what others have counted.
    pub(crate) fn inherit(&self, others: &Self) {
        for (count, shared) in self.shared.iter().enumerate().take(Count::Brief as usize) {
            shared.fetch_add(others.since_reset(count), Ordering::Relaxed);
        }
    }

    /// Counts for the thread that holds the pin.
    #[inline]
    pub(crate) fn add_as(&self, pin: &impl Visit, count: Count, by: u64) {
        Tally { own: self.own.get(pin.thread()).map(|stripe| &**stripe), shared: &self.shared }
            .add(count, by);
    }

    #[inline]
    pub(crate) fn add(&self, count: Count, by: u64) {
        self.tally().add(count, by);
    }

    /// Where this thread counts, for as long as it counts several things.
    #[inline]
    pub(crate) fn tally(&self) -> Tally<'_> {
        Tally {
            own: epoch::number().and_then(|number| self.own.get(number)).map(|stripe| &**stripe),
            shared: &self.shared,
        }
    }

    #[inline]
    pub(crate) fn one(&self, count: Count) {
        self.add(count, 1);
    }

    /// For what is nearly always none.
    #[inline]
    pub(crate) fn some(&self, count: Count, by: usize) {
        if by != 0 {
            self.add(count, by as u64);
        }
    }

    pub(crate) fn get(&self, count: Count) -> u64 {
        self.since_reset(count as usize)
    }

    fn since_reset(&self, count: usize) -> u64 {
        self.sum(count).wrapping_sub(self.zero[count].load(Ordering::Relaxed))
    }

    fn sum(&self, count: usize) -> u64 {
        let own = self.own.iter().map(|stripe| stripe[count].load(Ordering::Relaxed));
        own.fold(self.shared[count].load(Ordering::Relaxed), u64::wrapping_add)
    }

    pub(crate) fn reset(&self) {
        for (count, zero) in self.zero.iter().enumerate() {
            zero.store(self.sum(count), Ordering::Relaxed);
        }
    }
}

/// See [`Counters::tally`].
pub(crate) struct Tally<'a> {
    own: Option<&'a Stripe>,
    shared: &'a Stripe,
}

impl<'a> Tally<'a> {
    #[inline]
    pub(crate) fn add(&self, count: Count, by: u64) {
        match self.own {
            Some(stripe) => {
                let own = &stripe[count as usize];
                own.store(own.load(Ordering::Relaxed).wrapping_add(by), Ordering::Relaxed);
            }
            None => _ = self.shared[count as usize].fetch_add(by, Ordering::Relaxed),
        }
    }

    /// For what is nearly always none.
    #[inline]
    pub(crate) fn some(&self, count: Count, by: u64) {
        if by != 0 {
            self.add(count, by);
        }
    }

    /// How many loads by this thread in a row were brief; `None` for threads that share a stripe.
    #[inline]
    pub(crate) fn brief(&self) -> Option<&'a AtomicU64> {
        self.own.map(|stripe| &stripe[Count::Brief as usize])
    }
}

impl Drop for Counters {
    fn drop(&mut self) {
        if let Some(heir) = self.heir.take() {
            heir(self);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_counted_is_no_division_by_zero() {
        let info = CacheInfo::default();
        assert!(info.hit_ratio().abs() < f64::EPSILON);
        assert_eq!((info.mean_load_time(), info.time_saved()), (Duration::ZERO, Duration::ZERO));
    }

    #[test]
    fn one_line_says_what_happened() {
        let info = CacheInfo {
            hits: 1,
            misses: 1,
            loads: 1,
            len: 1,
            max: Some(10_000),
            load_time: Duration::from_millis(3),
            ..CacheInfo::default()
        };
        assert_eq!(
            info.to_string(),
            "hits=1 misses=1 len=1 max=10000 hit_ratio=50.0% mean_load=3.0ms saved=3.0ms"
        );
    }

    #[test]
    fn time_saved_does_not_overflow() {
        let info = CacheInfo { hits: u64::MAX, loads: 1, load_time: Duration::MAX, ..CacheInfo::default() };
        assert_eq!(info.time_saved(), Duration::from_nanos(u64::MAX));
    }

    #[test]
    fn counters_add_up_over_threads() {
        let counters = Counters::new();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..1000).for_each(|_| counters.one(Count::Hits)));
            }
        });
        assert_eq!(counters.get(Count::Hits), 8000);
        counters.reset();
        assert_eq!(counters.get(Count::Hits), 0);
        counters.one(Count::Hits);
        assert_eq!(counters.get(Count::Hits), 1);
    }

    #[test]
    fn many_threads_at_once_and_one_after_the_other_lose_no_count() {
        let counters = Counters::new();
        let barrier = std::sync::Barrier::new(200);
        for _ in 0..3 {
            std::thread::scope(|scope| {
                for _ in 0..200 {
                    scope.spawn(|| {
                        barrier.wait();
                        (0..100).for_each(|_| counters.one(Count::Misses));
                    });
                }
            });
        }
        assert_eq!(counters.get(Count::Misses), 60_000);
    }
}
