//! The number by which a thread says that it reads: the heart of the protocol, small enough for a model checker.

use std::sync::atomic::compiler_fence;

use crate::sync::unseen::{AtomicU64, Ordering, fence};

/// Odd while its thread reads.
pub(crate) struct Turn(AtomicU64);

impl Turn {
    pub(crate) fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Goes in, if this thread is not inside already. `fenced` where nobody else executes the barrier that a reader needs
    /// between this and its first look. For the thread alone whose number this is.
    #[inline(always)]
    pub(crate) fn enter(&self, fenced: bool) -> Option<u64> {
        let turn = self.0.load(Ordering::Relaxed);
        if turn & 1 == 1 {
            return None;
        }
        // `Release` for the visit before: who sees this number, and not the one that ended that visit, takes it to be over.
        self.0.store(turn + 1, Ordering::Release);
        if fenced {
            fence(Ordering::SeqCst);
        } else {
            compiler_fence(Ordering::SeqCst);
        }
        Some(turn)
    }

    /// Goes out again; `turn` is what [`enter`](Self::enter) gave.
    #[inline(always)]
    pub(crate) fn leave(&self, turn: u64) {
        self.0.store(turn + 2, Ordering::Release);
    }

    /// The present visit, if there is one. To be asked after a barrier on all threads, when what is to be freed cannot be
    /// reached any more.
    pub(crate) fn inside(&self) -> Option<u64> {
        let turn = self.0.load(Ordering::Acquire);
        (turn & 1 == 1).then_some(turn)
    }

    /// Whether that visit is over.
    pub(crate) fn has_left(&self, inside: u64) -> bool {
        self.0.load(Ordering::Acquire) != inside
    }
}
