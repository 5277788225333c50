//! One cached key and value.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::{NEVER, Time};

/// A point in the order of uses: a Lamport clock, one per thread, synchronised by every write to a shard.
///
/// What one thread does is ordered exactly, over all shards and caches. Uses by several threads between two
/// writes to a shard are ordered only as far as these threads have seen each other's.
pub(crate) type Stamp = u64;

thread_local! {
    static LATEST: Cell<Stamp> = const { Cell::new(0) };
    /// The address of the entry that this thread used last: to compare with, nothing else.
    static LAST: Cell<usize> = const { Cell::new(0) };
}

/// The next stamp of this thread, later than all it has given and than `seen`.
pub(crate) fn next_stamp(seen: Stamp) -> Stamp {
    LATEST
        .try_with(|latest| {
            latest.set(latest.get().max(seen) + 1);
            latest.get()
        })
        // In the last moments of a thread its locals are gone; what the shard has seen still orders its uses.
        .unwrap_or(seen + 1)
}

/// A key, its value and what the policies need to know of it.
pub(crate) struct Entry<K, V> {
    pub(crate) hash: u64,
    pub(crate) key: K,
    pub(crate) value: V,
    deadline: Time,
    used: AtomicU64,
}

impl<K, V> Entry<K, V> {
    pub(crate) fn new(hash: u64, key: K, value: V, deadline: Time) -> Self {
        Self { hash, key, value, deadline, used: AtomicU64::new(0) }
    }

    #[inline]
    pub(crate) fn deadline(&self) -> Time {
        self.deadline
    }

    #[inline]
    pub(crate) fn ages(&self) -> bool {
        self.deadline != NEVER
    }

    pub(crate) fn last_use(&self) -> Stamp {
        self.used.load(Ordering::Relaxed)
    }

    /// Notes a use. Writes nothing if the last use by this thread was of this entry, so that threads that share one hot
    /// key do not fight over its cache line.
    #[inline]
    pub(crate) fn touch(&self, seen: Stamp) {
        let _ = LATEST.try_with(|latest| {
            let known = latest.get().max(seen);
            let used = self.used.load(Ordering::Relaxed);
            let own = std::ptr::from_ref(self).addr();
            // Another thread's stamp may happen to equal this thread's latest, which was given to another entry.
            if used > known || (used == known && LAST.get() == own) {
                latest.set(used);
            } else {
                latest.set(known + 1);
                self.used.store(known + 1, Ordering::Relaxed);
            }
            LAST.set(own);
        });
    }

    pub(crate) fn set_use(&self, stamp: Stamp) {
        self.used.store(stamp, Ordering::Relaxed);
    }
}
