//! What a cache notes of the age of its entries.

use crate::clock::{NEVER, Time};

/// When an entry ends, and what is to be done before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// From here on it is to be cleared away.
    pub(crate) deadline: Time,
    /// Beyond this no use prolongs its life.
    pub(crate) hard: Time,
    /// From here on it is to be loaded anew.
    pub(crate) soft: Time,
}

impl Times {
    /// Those of an entry that merely ends.
    pub(crate) const fn until(deadline: Time) -> Self {
        Self { deadline, hard: NEVER, soft: NEVER }
    }
}

/// How entries of a cache age.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for a number beside every entry")]
pub(crate) struct Ages {
    /// Whether they can have a deadline.
    pub(crate) any: bool,
    /// How long after its last use an entry ends.
    pub(crate) idle: Option<Time>,
    /// Whether an entry that lives for another use may have to end nevertheless.
    pub(crate) hard: bool,
    /// How long an entry that is not fresh any more waits to be cleared away.
    pub(crate) stale: Time,
    /// Whether entries are loaded anew before they end.
    pub(crate) soft: bool,
    /// Whether they can be invalidated by a tag.
    pub(crate) tagged: bool,
    /// Whether somebody is told of their removal.
    pub(crate) listens: bool,
}

impl Ages {
    /// Until when an entry with this deadline is fresh.
    #[inline]
    pub(crate) fn fresh_until(&self, deadline: Time) -> Time {
        if deadline == NEVER { NEVER } else { deadline - self.stale.min(deadline) }
    }

    /// Whether an entry that is past its time may yet be of use.
    pub(crate) fn lingers(&self) -> bool {
        self.soft || self.stale > 0
    }

    /// The deadline of an entry that is fresh until then.
    #[inline]
    pub(crate) fn deadline(&self, fresh_until: Time) -> Time {
        fresh_until.saturating_add(self.stale)
    }

    /// The deadline after a use.
    #[inline]
    pub(crate) fn prolonged(&self, now: Time, idle: Time, hard: Time) -> Time {
        self.deadline(now.saturating_add(idle).min(hard))
    }
}

/// Entries that end, or do not.
impl From<bool> for Ages {
    fn from(any: bool) -> Self {
        Self { any, ..Self::default() }
    }
}
