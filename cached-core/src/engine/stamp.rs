//! Points in the order of uses: a Lamport clock, one per thread, synchronised by every insertion.
//!
//! What one thread does is ordered exactly. Uses by several threads between two insertions are ordered only as far as
//! these threads have seen each other's.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::sync::thread_local;

pub(crate) type Stamp = u64;

thread_local! {
    static LATEST: Cell<Stamp> = const { Cell::new(0) };
    /// The address of the stamp that this thread gave last: to compare with, nothing else.
    static LAST: Cell<usize> = const { Cell::new(0) };
}

/// The latest stamp that this thread knows of.
pub(crate) fn latest() -> Stamp {
    LATEST.with(Cell::get)
}

/// What this thread does from now on comes after that stamp: for work that another thread has left to it.
pub(crate) fn follow(stamp: Stamp) {
    LATEST.with(|latest| latest.set(latest.get().max(stamp)));
}

/// The next stamp of this thread, later than all it has given and than `seen`.
pub(super) fn next(seen: Stamp) -> Stamp {
    LATEST.with(|latest| {
        latest.set(latest.get().max(seen) + 1);
        latest.get()
    })
}

/// Notes a use. Writes nothing if the last use by this thread was of the same entry, so that threads that share one hot key
/// do not fight over its cache line.
#[inline]
pub(super) fn touch(stamp: &AtomicU64, seen: Stamp) {
    // `with` and not `Cell`'s own methods on the key: those are not always inlined.
    let known = LATEST.with(Cell::get).max(seen);
    let used = stamp.load(Ordering::Relaxed);
    let own = std::ptr::from_ref(stamp).addr();
    // Another thread's stamp may happen to equal this thread's latest, which was given to another entry.
    if used > known || (used == known && LAST.with(Cell::get) == own) {
        LATEST.with(|latest| latest.set(used));
    } else {
        LATEST.with(|latest| latest.set(known + 1));
        stamp.store(known + 1, Ordering::Relaxed);
    }
    LAST.with(|last| last.set(own));
}
