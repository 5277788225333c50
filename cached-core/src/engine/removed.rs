//! What came out of a table: to be counted, and dropped with nothing locked.

use super::shelf::Garbage;
use crate::clock::{Time, is_past};

/// What an insertion changed.
#[must_use = "what was removed is dropped with no lock held"]
pub(crate) struct Inserted<K, V> {
    /// Until when the entry was fresh in whose place it came.
    pub(crate) replaced: Option<Time>,
    /// How many entries had to make room.
    pub(crate) evicted: usize,
    /// Whether so much garbage waits for readers that this writer should give way to them.
    pub(super) crowded: bool,
    pub(super) garbage: Garbage<K, V>,
}

/// How many entries were removed, and the garbage that is free by now.
#[must_use = "what was removed is dropped with no lock held"]
pub(crate) struct Removed<K, V> {
    pub(crate) fresh: usize,
    pub(crate) expired: usize,
    pub(super) garbage: Vec<Garbage<K, V>>,
}

impl<K, V> Default for Removed<K, V> {
    fn default() -> Self {
        Self { fresh: 0, expired: 0, garbage: Vec::new() }
    }
}

impl<K, V> Removed<K, V> {
    /// Drops what nobody sees any more; how many of the entries were fresh.
    pub(crate) fn let_go(self) -> usize {
        self.fresh
    }

    pub(super) fn count(&mut self, deadline: Time, now: Time) {
        let expired = is_past(deadline, now);
        self.expired += usize::from(expired);
        self.fresh += usize::from(!expired);
    }
}
