//! What a policy remembers of keys that left: exactly, or in a quarter of the space.

use crate::ghosts::Ghosts;
use crate::shadows::Shadows;

/// How exact the memory is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Grade {
    /// Every ghost in its order: 30 bytes each.
    Exact,
    /// In its order too, but at most this share of the cache's capacity.
    Short(f64),
    /// As few, and only nearly in order, in 4 bytes each.
    Compact(f64),
}

/// Two queues of ghosts, told apart by number. A time is kept with each; it does not fall from one push to the next.
pub(crate) enum Memory {
    Exact(Ghosts),
    Compact(Shadows),
}

impl Memory {
    /// For at most `ghosts` of a cache of `capacity`.
    pub(crate) fn new(grade: Grade, ghosts: usize, capacity: usize) -> Self {
        let at_most = |share: f64| ghosts.min((capacity as f64 * share) as usize);
        match grade {
            Grade::Exact => Self::Exact(Ghosts::new(ghosts)),
            Grade::Short(share) => Self::Exact(Ghosts::new(at_most(share))),
            Grade::Compact(share) => Self::Compact(Shadows::new(at_most(share))),
        }
    }

    pub(crate) fn len(&self, queue: u8) -> usize {
        match self {
            Self::Exact(ghosts) => ghosts.len(queue),
            Self::Compact(shadows) => shadows.len(queue),
        }
    }

    /// The queue and the time of a ghost.
    pub(crate) fn get(&self, hash: u64) -> Option<(u8, u32)> {
        match self {
            Self::Exact(ghosts) => ghosts.get(hash),
            Self::Compact(shadows) => shadows.get(hash),
        }
    }

    /// Takes a ghost out.
    pub(crate) fn take(&mut self, hash: u64) -> Option<(u8, u32)> {
        match self {
            Self::Exact(ghosts) => ghosts.take(hash),
            Self::Compact(shadows) => shadows.take(hash),
        }
    }

    /// A new ghost at the end of a queue; an old one makes room.
    pub(crate) fn push(&mut self, queue: u8, hash: u64, time: u32) {
        match self {
            Self::Exact(ghosts) => ghosts.push(queue, hash, time),
            Self::Compact(shadows) => shadows.push(queue, hash, time),
        }
    }

    /// Forgets the oldest ghost of a queue, or an old one; `None` if there is none, or none was found at once.
    pub(crate) fn pop(&mut self, queue: u8) -> Option<()> {
        match self {
            Self::Exact(ghosts) => ghosts.pop(queue),
            Self::Compact(shadows) => shadows.pop(queue),
        }
    }

    /// Forgets those at the end of the first queue of which `is_over` says so; a compact memory forgets in time.
    pub(crate) fn trim(&mut self, is_over: impl Fn(u32) -> bool) {
        if let Self::Exact(ghosts) = self {
            while ghosts.oldest(0).is_some_and(&is_over) {
                ghosts.pop(0);
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        match self {
            Self::Exact(ghosts) => ghosts.clear(),
            Self::Compact(shadows) => shadows.clear(),
        }
    }

    pub(crate) fn is_exact(&self) -> bool {
        matches!(self, Self::Exact(_))
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Exact(ghosts) => ghosts.bytes(),
            Self::Compact(shadows) => shadows.bytes(),
        }
    }

    pub(crate) fn validate(&self) {
        match self {
            Self::Exact(ghosts) => ghosts.validate(),
            Self::Compact(shadows) => shadows.validate(),
        }
    }
}
