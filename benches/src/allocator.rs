//! The system's allocator, with a meter that runs only while it is asked to.
//!
//! Off, it costs one load and a branch that is always predicted, for every contender alike; on, it is not timed.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};

static METERING: AtomicBool = AtomicBool::new(false);
static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static LIVE_BYTES: AtomicI64 = AtomicI64::new(0);

/// What all threads allocated while the meter ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allocated {
    /// Allocations, and reallocations.
    pub(crate) times: u64,
    /// Bytes asked for and not given back.
    pub(crate) live: i64,
}

/// Runs the meter while something is done. Once at a time: it is the process's.
pub(crate) fn meter(work: impl FnOnce()) -> Allocated {
    ALLOCATIONS.store(0, Relaxed);
    LIVE_BYTES.store(0, Relaxed);
    METERING.store(true, Relaxed);
    work();
    METERING.store(false, Relaxed);
    Allocated { times: ALLOCATIONS.load(Relaxed), live: LIVE_BYTES.load(Relaxed) }
}

#[global_allocator]
static ALLOCATOR: Metered = Metered;

struct Metered;

/// Sizes fit: the allocator refuses any above `isize::MAX`.
fn note(times: u64, taken: usize, given_back: usize) {
    if METERING.load(Relaxed) {
        let signed = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
        ALLOCATIONS.fetch_add(times, Relaxed);
        LIVE_BYTES.fetch_add(signed(taken) - signed(given_back), Relaxed);
    }
}

#[expect(
    unsafe_code,
    reason = "an allocator cannot be written without; all is handed to the system's as it came"
)]
// SAFETY: every method passes its arguments to `System` unchanged and returns what that returns, so the caller's
// promises are those `System` asks for, and its promises are `System`'s. The meter is atomics: it never allocates.
unsafe impl GlobalAlloc for Metered {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(1, layout.size(), 0);
        // SAFETY: see above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(1, layout.size(), 0);
        // SAFETY: see above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        note(0, 0, layout.size());
        // SAFETY: see above.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(1, size, layout.size());
        // SAFETY: see above.
        unsafe { System.realloc(block, layout, size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Other tests allocate meanwhile, so that only lower bounds can be told.
    #[test]
    fn what_is_allocated_is_seen() {
        let mut kept = Vec::new();
        let allocated = meter(|| kept = vec![0_u8; 1 << 30]);
        assert!(allocated.times >= 1 && allocated.live >= 1 << 29, "{allocated:?}");
        drop(kept);
    }
}
