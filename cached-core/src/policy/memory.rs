//! What a policy remembers of keys that left: exactly, or in a quarter of the space.

use super::ghosts::Ghosts;
use super::shadows::Shadows;

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
#[derive(Debug)]
pub(crate) struct Memory {
    grade: Grade,
    kept: Kept,
}

#[derive(Debug)]
enum Kept {
    Exact(Ghosts),
    Compact(Shadows),
}

impl Grade {
    /// How many of at most `ghosts` ghosts a cache of `capacity` entries remembers.
    fn of(self, ghosts: usize, capacity: usize) -> usize {
        match self {
            Self::Exact => ghosts,
            Self::Short(share) | Self::Compact(share) => ghosts.min((capacity as f64 * share) as usize),
        }
    }
}

impl Memory {
    /// For at most `ghosts` of a cache of `capacity`.
    pub(crate) fn new(grade: Grade, ghosts: usize, capacity: usize) -> Self {
        let ghosts = grade.of(ghosts, capacity);
        let kept = match grade {
            Grade::Exact | Grade::Short(_) => Kept::Exact(Ghosts::new(ghosts)),
            Grade::Compact(_) => Kept::Compact(Shadows::new(ghosts)),
        };
        Self { grade, kept }
    }

    pub(crate) fn grade(&self) -> Grade {
        self.grade
    }

    /// For at most `ghosts` of a cache of `capacity`; those that no longer find room are forgotten.
    pub(crate) fn resize(&mut self, grade: Grade, ghosts: usize, capacity: usize) {
        self.grade = grade;
        let at_most = grade.of(ghosts, capacity);
        match (&mut self.kept, grade) {
            (Kept::Exact(kept), Grade::Exact | Grade::Short(_)) => kept.resize(at_most),
            (Kept::Compact(kept), Grade::Compact(_)) => kept.resize(at_most),
            _ => *self = Self::new(grade, ghosts, capacity),
        }
    }

    pub(crate) fn len(&self, queue: u8) -> usize {
        match &self.kept {
            Kept::Exact(ghosts) => ghosts.len(queue),
            Kept::Compact(shadows) => shadows.len(queue),
        }
    }

    /// The queue and the time of a ghost.
    pub(crate) fn get(&self, hash: u64) -> Option<(u8, u32)> {
        match &self.kept {
            Kept::Exact(ghosts) => ghosts.get(hash),
            Kept::Compact(shadows) => shadows.get(hash),
        }
    }

    /// Takes a ghost out.
    pub(crate) fn take(&mut self, hash: u64) -> Option<(u8, u32)> {
        match &mut self.kept {
            Kept::Exact(ghosts) => ghosts.take(hash),
            Kept::Compact(shadows) => shadows.take(hash),
        }
    }

    /// A new ghost at the end of a queue; an old one makes room.
    pub(crate) fn push(&mut self, queue: u8, hash: u64, time: u32) {
        match &mut self.kept {
            Kept::Exact(ghosts) => ghosts.push(queue, hash, time),
            Kept::Compact(shadows) => shadows.push(queue, hash, time),
        }
    }

    /// Forgets the oldest ghost of a queue, or an old one; `None` if there is none, or none was found at once.
    pub(crate) fn pop(&mut self, queue: u8) -> Option<()> {
        match &mut self.kept {
            Kept::Exact(ghosts) => ghosts.pop(queue),
            Kept::Compact(shadows) => shadows.pop(queue),
        }
    }

    /// Forgets those at the end of the first queue of which `is_over` says so; a compact memory forgets in time.
    pub(crate) fn trim(&mut self, is_over: impl Fn(u32) -> bool) {
        if let Kept::Exact(ghosts) = &mut self.kept {
            while ghosts.oldest(0).is_some_and(&is_over) {
                ghosts.pop(0);
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        match &mut self.kept {
            Kept::Exact(ghosts) => ghosts.clear(),
            Kept::Compact(shadows) => shadows.clear(),
        }
    }

    pub(crate) fn is_exact(&self) -> bool {
        matches!(self.kept, Kept::Exact(_))
    }

    pub(crate) fn bytes(&self) -> usize {
        match &self.kept {
            Kept::Exact(ghosts) => ghosts.bytes(),
            Kept::Compact(shadows) => shadows.bytes(),
        }
    }

    pub(crate) fn validate(&self) {
        match &self.kept {
            Kept::Exact(ghosts) => ghosts.validate(),
            Kept::Compact(shadows) => shadows.validate(),
        }
    }
}
