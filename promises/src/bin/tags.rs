//! A million entries with tags, of which ten thousand are invalidated while another thread calls: how long the longest call takes,
//! and what memory is left.
//!
//! `cargo run --release -p promises --bin tags`. Beside the longest time by the wall, in which a busy machine lets others go first, stand
//! the longest that nothing at all took, asked as often by the same thread, and the longest that a call computed.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cached_core::Cache;
use cpu_time::ThreadTime;

const ENTRIES: u64 = 1_000_000;
const TAGS: u64 = 10_000;

/// How long calls took.
#[derive(Default)]
struct Times {
    all: Vec<u32>,
    longest: Duration,
    /// Of nothing.
    idle: Duration,
    /// By the processor.
    computed: Duration,
}

impl Times {
    fn take<R>(&mut self, call: impl FnOnce() -> R) {
        let computes = ThreadTime::now();
        let start = Instant::now();
        drop(black_box(call()));
        let end = Instant::now();
        self.computed = self.computed.max(computes.elapsed());
        let start_of_nothing = Instant::now();
        let nothing = start_of_nothing.elapsed();
        let took = end - start;
        self.all.push(u32::try_from(took.as_nanos()).unwrap_or(u32::MAX));
        self.longest = self.longest.max(took);
        self.idle = self.idle.max(nothing);
    }

    fn print(mut self, what: &str) {
        self.all.sort_unstable();
        let at =
            |per_mille: usize| Duration::from_nanos(self.all[(self.all.len() - 1) * per_mille / 1000].into());
        println!(
            "{what:<44} {:>9} calls, median {:>9.1?}, 99.9% {:>9.1?}, longest {:>9.1?} (nothing {:.1?}), computed {:.1?}",
            self.all.len(),
            at(500),
            at(999),
            self.longest,
            self.idle,
            self.computed
        );
    }
}

/// Resident memory in MiB, where the system says so.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.map_or_else(|| "?".to_owned(), |kib| format!("{} MiB", kib / 1024))
}

fn tag(n: u64) -> String {
    format!("user:{n}")
}

fn main() {
    let cache: Cache<u64, u64> = Cache::builder().tags(|key: &u64| [tag(key % TAGS)]).build();
    println!("at the beginning: {}", memory());
    let mut times = Times::default();
    (0..ENTRIES).for_each(|key| times.take(|| cache.insert(key, key)));
    times.print("an entry with a tag comes");
    println!("{ENTRIES} entries of {TAGS} tags: {}", memory());

    let done = AtomicBool::new(false);
    thread::scope(|threads| {
        let caller = threads.spawn(|| {
            let (mut times, mut seed) = (Times::default(), 1_u64);
            while !done.load(Ordering::Relaxed) {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let key = (seed >> 33) % ENTRIES;
                times.take(|| cache.get_or_load(key, || key));
            }
            times
        });
        let mut times = Times::default();
        (0..TAGS).for_each(|n| times.take(|| cache.invalidate_tag(tag(n))));
        done.store(true, Ordering::Relaxed);
        times.print("each tag is invalidated once");
        caller.join().expect("calls do not panic").print("calls meanwhile");
    });
    let left = cache.info();
    println!("left: {} entries, {} were invalidated: {}", left.len, left.invalidations, memory());
    for n in 0..TAGS {
        cache.invalidate_tag(tag(n));
    }
    println!("after all tags once more: {} entries: {}", cache.info().len, memory());
    drop(cache);

    let cache: Cache<u64, u64> = Cache::builder().tags(|_: &u64| ["all"]).build();
    let mut times = Times::default();
    (0..ENTRIES).for_each(|key| times.take(|| cache.insert(key, key)));
    times.print("an entry comes that has the tag of all");
    let mut times = Times::default();
    times.take(|| cache.invalidate_tag("all"));
    times.print("that tag is invalidated");
    assert_eq!(cache.info().len, 0);
    let mut times = Times::default();
    while cache.info().invalidations < ENTRIES {
        times.take(|| cache.get(&7));
    }
    times.print("calls until all of its entries are gone");
    println!("at the end: {}", memory());
}
