//! What the calls of each policy cost, in one interleaved run: misses of ever new keys, uses of residents drawn with a
//! skew, and the longest single eviction of a mixed stream. Ratios count; nanoseconds are this machine's.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use cached_core::policy::{
    Adaptive, Arc, Entries, Lfu, Lirs, Lru, Policy, Record, S3Fifo, Sieve, Slot, TinyLfu, mix,
};
use clap::Parser;

/// What the calls of each policy cost.
#[derive(Parser)]
struct Options {
    /// The capacities
    #[arg(default_values_t = [100, 1_000, 10_000, 100_000, 1_000_000], value_parser = capacity)]
    capacities: Vec<usize>,
    /// Rounds, of which the median is printed
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u64).range(1..1000))]
    rounds: u64,
    /// Find the longest single look-up, too
    #[arg(long)]
    longest: bool,
}

/// Calls of a kind in a round.
const NUMBER: usize = 100_000;

fn capacity(text: &str) -> Result<usize, String> {
    let capacity: usize = text.parse().map_err(|error| format!("{error}"))?;
    if (2..=10_000_000).contains(&capacity) { Ok(capacity) } else { Err("from 2 to 10000000".into()) }
}

/// A full cache in which the slot of a key is known.
struct Cache {
    policy: Box<dyn Policy>,
    hashes: Hashes,
    next: u64,
}

struct Hashes(Vec<u64>);

impl Entries for Hashes {
    fn take_uses(&mut self, _slot: Slot) -> u8 {
        0
    }

    fn hash(&self, slot: Slot) -> u64 {
        self.0[slot as usize]
    }
}

impl Cache {
    fn new(policy: Box<dyn Policy>, capacity: usize) -> Self {
        let mut cache = Self { policy, hashes: Hashes(Vec::new()), next: 0 };
        for slot in 0..capacity {
            let hash = cache.new_hash();
            cache.hashes.0.push(hash);
            cache.policy.missed(hash);
            cache.policy.insert(slot as Slot, hash);
        }
        cache
    }

    fn new_hash(&mut self) -> u64 {
        self.next += 1;
        mix(self.next)
    }

    fn miss(&mut self, hash: u64) {
        self.policy.missed(hash);
        let slot = self.policy.evict(hash, &mut self.hashes).expect("a full cache has a victim");
        self.hashes.0[slot as usize] = hash;
        self.policy.insert(slot, hash);
    }

    fn misses(&mut self, number: usize) -> f64 {
        let start = Instant::now();
        for _ in 0..number {
            let hash = self.new_hash();
            self.miss(hash);
        }
        start.elapsed().as_nanos() as f64 / number as f64
    }

    fn uses(&mut self, slots: &[Slot]) -> f64 {
        if !matches!(self.policy.record(), Record::Events | Record::Thinned) {
            return 0.0;
        }
        let start = Instant::now();
        for &slot in slots {
            self.policy.used(slot, self.hashes.0[slot as usize]);
        }
        start.elapsed().as_nanos() as f64 / slots.len() as f64
    }

    /// The time of each look-up in streams that make an adaptive policy change: loops, then a drift.
    fn lookups(&mut self, requests: u64) -> Vec<Duration> {
        let capacity = self.hashes.0.len() as u64;
        let mut slots: HashMap<u64, Slot> =
            (0..).zip(&self.hashes.0).map(|(slot, &hash)| (hash, slot)).collect();
        let mut times = Vec::new();
        for at in 0..requests {
            let hash = match at / (4 * capacity) % 2 {
                0 => mix((1 << 40) + at % (capacity + capacity / 3)),
                _ => mix((2 << 40) + at / 4 + mix(at) % (capacity * 2 / 3)),
            };
            let found = slots.get(&hash).copied();
            let start = Instant::now();
            match found {
                Some(slot) => self.policy.used(slot, hash),
                None => self.policy.missed(hash),
            }
            let victim =
                found.is_none().then(|| self.policy.evict(hash, &mut self.hashes).expect("it is full"));
            if let Some(slot) = victim {
                let left = std::mem::replace(&mut self.hashes.0[slot as usize], hash);
                self.policy.insert(slot, hash);
                times.push(start.elapsed());
                slots.remove(&left);
                slots.insert(hash, slot);
            } else {
                times.push(start.elapsed());
            }
        }
        times
    }
}

/// The longest look-up, where each counts as long as in the shortest of the rounds: what else the machine does is in
/// one of them, what the policy does is in all.
fn longest(policy: impl Fn() -> Box<dyn Policy>, capacity: usize, rounds: u64) -> Duration {
    let mut shortest: Vec<Duration> = Vec::new();
    for _ in 0..rounds {
        let times = Cache::new(policy(), capacity).lookups(capacity as u64 * 20);
        shortest.resize(times.len(), Duration::MAX);
        shortest.iter_mut().zip(times).for_each(|(least, time)| *least = time.min(*least));
    }
    shortest.into_iter().max().unwrap_or_default()
}

type Maker = fn(usize) -> Box<dyn Policy>;

fn boxed<P: Policy + 'static>(capacity: usize) -> Box<dyn Policy> {
    Box::new(P::with_capacity(capacity))
}

const POLICIES: [(&str, Maker); 8] = [
    ("lru", boxed::<Lru>),
    ("lfu", boxed::<Lfu>),
    ("sieve", boxed::<Sieve>),
    ("s3fifo", boxed::<S3Fifo>),
    ("tinylfu", boxed::<TinyLfu>),
    ("lirs", boxed::<Lirs>),
    ("arc", boxed::<Arc>),
    ("adaptive", boxed::<Adaptive>),
];

/// Slots of a skewed choice: some are used much, most little.
fn skewed(capacity: usize, number: usize) -> Vec<Slot> {
    let roll = |at: usize| mix(at as u64) as f64 / u64::MAX as f64;
    (0..number).map(|at| (roll(at).powi(3) * capacity as f64) as Slot).collect()
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let options = Options::parse();
    println!(
        "{:>9} {:10} {:>8} {:>7} {:>8} {:>7} {:>10}",
        "entries", "policy", "miss ns", "x lru", "use ns", "x lru", "longest us"
    );
    for &capacity in &options.capacities {
        table(capacity, &options);
    }
}

fn table(capacity: usize, options: &Options) {
    let slots = skewed(capacity, NUMBER);
    let mut caches = POLICIES.map(|(_, make)| Cache::new(make(capacity), capacity));
    let mut times = vec![(Vec::new(), Vec::new()); caches.len()];
    for _ in 0..options.rounds {
        for (cache, (misses, uses)) in caches.iter_mut().zip(&mut times) {
            misses.push(cache.misses(NUMBER));
            uses.push(cache.uses(&slots));
        }
    }
    let mut first = None;
    for ((name, make), (misses, uses)) in POLICIES.iter().zip(&mut times) {
        let (miss, used) = (median(misses), median(uses));
        let (lru_miss, lru_used) = *first.get_or_insert((miss, used));
        let (miss_ratio, used_ratio) = (miss / lru_miss, used / lru_used);
        print!("{capacity:9} {name:10} {miss:8.1} {miss_ratio:7.1} {used:8.1} {used_ratio:7.1}");
        if options.longest {
            let longest = longest(|| make(capacity), capacity, options.rounds.min(3));
            print!(" {:10.1}", longest.as_nanos() as f64 / 1000.0);
        }
        println!();
    }
}
