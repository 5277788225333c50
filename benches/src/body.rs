//! The function body behind every contender: next to nothing, so that what is measured is the cache.

use std::cell::Cell;

thread_local!(static RUNS: Cell<u64> = const { Cell::new(0) });

/// What a contender computes for a key it does not hold. Counts itself: that is how hits and misses are told apart
/// in the same way for all, whatever a library says of itself.
pub(crate) fn of(key: u64) -> u64 {
    RUNS.set(RUNS.get() + 1);
    key.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Runs of the body on this thread so far.
pub(crate) fn runs() -> u64 {
    RUNS.get()
}
