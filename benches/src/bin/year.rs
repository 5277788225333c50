//! What a jump of the clock by a year costs the calls that come after it: a million entries, all of them past their time. And what it
//! costs to invalidate a million entries one by one.
//!
//! `cargo run --release -p benches --bin year`: for each kind of cache the slowest call while the entries come, while they are invalidated, and after the jump,
//! until all that has expired is gone. Each call clears a bounded number away, so there is no call that pays for all. Times are those that the
//! processor spent on the call; how many entries a call looks at is bounded, and tested, in the library.

use std::hint::black_box;
use std::time::Duration;

use cached_core::{CacheInfo, memoize, testing};
use cpu_time::ThreadTime;

const ENTRIES: u64 = 1_000_000;
const YEAR: Duration = Duration::from_hours(365 * 24);

#[memoize(ttl = 60s)]
fn unbounded(n: u64) -> u64 {
    n
}

#[memoize(ttl = 60s, jitter = 0.5)]
fn spread(n: u64) -> u64 {
    n
}

#[memoize(idle = 60s, ttl = 1h)]
fn idle(n: u64) -> u64 {
    n
}

#[memoize(ttl = 60s, max = 1_000_000)]
fn adaptive(n: u64) -> u64 {
    n
}

#[memoize(ttl = 60s, max = 1_000_000, policy = lru)]
fn lru(n: u64) -> u64 {
    n
}

#[memoize(ttl = 60s, max = 1_000_000, policy = sieve)]
fn sieve(n: u64) -> String {
    format!("a value that has to be dropped, number {n}")
}

#[memoize(errors = 60s)]
fn failing(n: u64) -> Result<u64, u64> {
    Err(n)
}

struct Kind {
    name: &'static str,
    call: fn(u64),
    invalidate: fn(u64) -> bool,
    info: fn() -> CacheInfo,
}

macro_rules! kinds {
    ($($function:ident),*) => {
        [$(Kind { name: stringify!($function), call: |n| _ = black_box($function(n)), invalidate: $function::invalidate, info: $function::cache_info }),*]
    };
}

/// How long a call keeps the processor busy.
fn timed(call: impl FnOnce()) -> Duration {
    let begun = ThreadTime::now();
    call();
    begun.elapsed()
}

fn slowest(call: impl Fn(u64)) -> Duration {
    (0..ENTRIES).map(|n| timed(|| call(n))).max().unwrap_or_default()
}

fn main() {
    println!(
        "{:>10} {:>12} {:>12} {:>12} {:>12} {:>8}",
        "", "insert", "invalidate", "after", "99.9 %", "calls"
    );
    for Kind { name, call, invalidate, info } in
        kinds!(unbounded, spread, idle, adaptive, lru, sieve, failing)
    {
        let scope = testing::isolate();
        let insert = slowest(call);
        let invalidated = slowest(|n| _ = invalidate(n));
        slowest(call);
        scope.advance(YEAR);
        let mut after = Vec::new();
        // New keys: what is stored takes room, and each call is a miss. A look at the size now and then is one of the calls.
        for n in ENTRIES.. {
            after.push(timed(|| call(n)));
            if n % 1024 == 0 && info().len as u64 <= n - ENTRIES + 1 {
                break;
            }
        }
        after.sort_unstable();
        let (calls, last) = (after.len(), after[after.len() - 1]);
        let most = after[calls - 1 - calls / 1000];
        println!("{name:>10} {insert:>12.1?} {invalidated:>12.1?} {last:>12.1?} {most:>12.1?} {calls:>8}");
    }
}
