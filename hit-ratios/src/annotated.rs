//! The same streams through functions as a user writes them, one for each policy.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cached_core::{memoize, testing};

/// The capacity of the cell at hand. An isolated cache asks when it is made.
static CAPACITY: AtomicUsize = AtomicUsize::new(0);

macro_rules! functions {
    ($($policy:ident)*) => {
        fn function(name: &str) -> Option<(fn(u64) -> u64, fn() -> u64)> {
            $(mod $policy {
                #[cached_core::memoize(max = super::CAPACITY.load(super::Ordering::Relaxed), policy = $policy)]
                pub(super) fn echo(id: u64) -> u64 {
                    id
                }
            })*
            match name {
                $(stringify!($policy) => Some(($policy::echo, || $policy::echo::cache_info().hits)),)*
                _ => None,
            }
        }
    };
}

functions!(lru fifo random lfu sieve s3fifo tinylfu lirs arc);

/// What a user gets who names no policy.
#[memoize(max = CAPACITY.load(Ordering::Relaxed))]
fn default_policy(id: u64) -> u64 {
    id
}

/// Whether this can be run through a function: policies without a parameter can.
pub fn can(name: &str) -> bool {
    name == "adaptive" || function(name).is_some()
}

/// Hits and time. The hashes are another's on every run, as in any program.
pub fn run(name: &str, capacity: usize, requests: &[u32]) -> (u64, Duration) {
    let (call, hits) = function(name).unwrap_or((default_policy, || default_policy::cache_info().hits));
    CAPACITY.store(capacity, Ordering::Relaxed);
    let _scope = testing::isolate();
    let start = Instant::now();
    for &id in requests {
        assert_eq!(call(u64::from(id)), u64::from(id));
    }
    (hits(), start.elapsed())
}
