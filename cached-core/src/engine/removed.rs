//! What came out of a table: to be counted, and dropped with nothing locked.

use super::order::Ticket;
use super::shelf::Garbage;
use crate::removal::RemovalCause;

/// What an entry was when it left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Fresh,
    /// Past its time.
    Expired,
    /// One of its tags had been invalidated.
    Outdated,
}

impl Fate {
    /// What a listener is told of its removal, which was for this cause where it was fresh.
    pub(super) fn cause(self, of_fresh: RemovalCause) -> RemovalCause {
        match self {
            Self::Fresh => of_fresh,
            Self::Expired => RemovalCause::Expired,
            Self::Outdated => RemovalCause::Explicit,
        }
    }
}

/// What an insertion changed.
#[derive(Clone, Copy)]
pub(crate) struct Change {
    pub(crate) ticket: Ticket,
    /// What the entry was in whose place it came.
    pub(crate) replaced: Option<Fate>,
    /// How many entries had to make room.
    pub(crate) evicted: usize,
    /// How much garbage waits for readers where it was inserted, where that is much.
    pub(super) resting: Option<usize>,
}

/// The same, and what it removed.
#[must_use = "what was removed is dropped with no lock held"]
pub(crate) struct Inserted {
    pub(crate) change: Change,
    pub(crate) garbage: Garbage,
}

/// How many entries were removed, and the garbage that is free by now.
#[derive(Default)]
#[must_use = "what was removed is dropped with no lock held"]
pub(crate) struct Removed {
    pub(crate) fresh: usize,
    pub(crate) expired: usize,
    pub(crate) outdated: usize,
    pub(super) garbage: Vec<Garbage>,
}

impl Removed {
    /// Drops what nobody sees any more; how many of the entries were fresh.
    pub(crate) fn let_go(self) -> usize {
        self.fresh
    }

    pub(super) fn count(&mut self, fate: Fate) {
        match fate {
            Fate::Fresh => self.fresh += 1,
            Fate::Expired => self.expired += 1,
            Fate::Outdated => self.outdated += 1,
        }
    }
}
