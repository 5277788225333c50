//! The policies that `adaptive` chooses from, in one type, each able to hand its entries to another.

use super::arc::Arc;
use super::links::make_room;
use super::lirs::Lirs;
use super::lru::Lru;
use super::memory::Grade;
use super::s3fifo::S3Fifo;
use super::sketch::Sketch;
use super::tinylfu::{Segments, window_size};
use super::{Entries, Policy, Slot};

/// A policy and its parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// W-TinyLFU with a window of this share.
    TinyLfu(f64),
    /// LIRS with this share for entries that have yet to prove themselves.
    Lirs(f64),
    Arc,
    S3Fifo,
    Lru,
}

impl Kind {
    /// The entries in the window, where there is one.
    pub(crate) fn window(self, capacity: usize) -> Option<usize> {
        match self {
            Self::TinyLfu(share) => Some(window_size(capacity, share)),
            _ => None,
        }
    }
}

/// A policy at work. W-TinyLFU's sketch is kept outside, since all copies can share one, and a change to W-TinyLFU
/// then finds it filled.
#[derive(Debug)]
pub(crate) enum Family {
    TinyLfu(Segments),
    Lirs(Lirs),
    Arc(Arc),
    S3Fifo(S3Fifo, Counts),
    Lru(Lru),
}

/// Use counts for S3-FIFO, which here is told of each use.
#[derive(Debug, Default)]
pub(crate) struct Counts(Vec<u8>);

/// Counts from within, hashes from the engine.
struct Counted<'a>(&'a mut Counts, &'a mut dyn Entries);

impl Entries for Counted<'_> {
    fn take_uses(&mut self, slot: Slot) -> u8 {
        std::mem::take(&mut self.0.0[slot as usize])
    }

    fn hash(&self, slot: Slot) -> u64 {
        self.1.hash(slot)
    }
}

impl Family {
    pub(crate) fn new(kind: Kind, capacity: usize, grade: Grade) -> Self {
        match kind {
            Kind::TinyLfu(window) => Self::TinyLfu(Segments::new(capacity, window, true)),
            Kind::Lirs(share) => Self::Lirs(Lirs::with_memory(capacity, share, grade)),
            Kind::Arc => Self::Arc(Arc::with_memory(capacity, grade)),
            Kind::S3Fifo => Self::S3Fifo(S3Fifo::with_memory(capacity, grade), Counts::default()),
            Kind::Lru => Self::Lru(Lru::new(capacity)),
        }
    }

    /// For another capacity, and with a window of so many entries, if any: without, it remains. O(the change).
    pub(crate) fn resize(&mut self, capacity: usize, grade: Grade, window: Option<usize>) {
        match self {
            Self::TinyLfu(segments) => segments.resize(capacity, window.unwrap_or(segments.window())),
            Self::Lirs(policy) => policy.resize(capacity, grade),
            Self::Arc(policy) => policy.resize(capacity, grade),
            Self::S3Fifo(policy, _) => policy.resize(capacity, grade),
            Self::Lru(policy) => policy.set_capacity(capacity),
        }
    }

    fn policy(&self) -> Result<&dyn Policy, &Segments> {
        match self {
            Self::TinyLfu(segments) => Err(segments),
            Self::Lirs(policy) => Ok(policy),
            Self::Arc(policy) => Ok(policy),
            Self::S3Fifo(policy, _) => Ok(policy),
            Self::Lru(policy) => Ok(policy),
        }
    }

    pub(crate) fn insert(&mut self, slot: Slot, hash: u64) {
        match self {
            Self::TinyLfu(segments) => segments.insert(slot),
            Self::Lirs(policy) => policy.insert(slot, hash),
            Self::Arc(policy) => policy.insert(slot, hash),
            Self::Lru(policy) => policy.insert(slot, hash),
            Self::S3Fifo(policy, counts) => {
                make_room(&mut counts.0, slot, policy.capacity(), 0);
                counts.0[slot as usize] = 0;
                policy.insert(slot, hash);
            }
        }
    }

    #[inline]
    pub(crate) fn used(&mut self, slot: Slot, hash: u64) {
        match self {
            Self::TinyLfu(segments) => segments.used(slot),
            Self::Lirs(policy) => policy.used(slot, hash),
            Self::Arc(policy) => policy.used(slot, hash),
            Self::Lru(policy) => policy.used(slot, hash),
            Self::S3Fifo(_, counts) => {
                if let Some(count) = counts.0.get_mut(slot as usize) {
                    *count = (*count + 1).min(3);
                }
            }
        }
    }

    pub(crate) fn evict(
        &mut self,
        incoming: u64,
        entries: &mut dyn Entries,
        sketch: &Sketch,
    ) -> Option<Slot> {
        match self {
            Self::TinyLfu(segments) => segments.evict(|slot| sketch.estimate(entries.hash(slot))),
            Self::Lirs(policy) => policy.evict(incoming, entries),
            Self::Arc(policy) => policy.evict(incoming, entries),
            Self::Lru(policy) => policy.evict(incoming, entries),
            Self::S3Fifo(policy, counts) => policy.evict(incoming, &mut Counted(counts, entries)),
        }
    }

    pub(crate) fn remove(&mut self, slot: Slot) {
        match self {
            Self::TinyLfu(segments) => segments.remove(slot),
            Self::Lirs(policy) => policy.remove(slot),
            Self::Arc(policy) => policy.remove(slot),
            Self::S3Fifo(policy, _) => policy.remove(slot),
            Self::Lru(policy) => policy.remove(slot),
        }
    }

    /// Another policy takes over. The lists are chained to one, what is worth least to this policy at its end, and the
    /// next begins with that as one of its own lists: no entry is touched, so this is O(1), but for an array of a byte
    /// or four per entry that is filled anew.
    pub(crate) fn become_another(&mut self, kind: Kind, capacity: usize, grade: Grade) {
        let (links, list) = match self {
            Self::TinyLfu(segments) => segments.hand_over(),
            Self::Lirs(policy) => policy.hand_over(),
            Self::Arc(policy) => policy.hand_over(),
            Self::S3Fifo(policy, _) => policy.hand_over(),
            Self::Lru(policy) => policy.hand_over(),
        };
        *self = Self::new(kind, capacity, grade);
        match self {
            Self::TinyLfu(segments) => segments.take_over(links, list),
            Self::Lirs(policy) => policy.take_over(links, list),
            Self::Arc(policy) => policy.take_over(links, list),
            Self::S3Fifo(policy, counts) => {
                counts.0 = vec![0; links.room()];
                policy.take_over(links, list);
            }
            Self::Lru(policy) => policy.take_over(links, list),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.policy().map_or_else(Segments::len, Policy::len)
    }

    pub(crate) fn contains(&self, slot: Slot) -> bool {
        self.policy().map_or_else(|segments| segments.contains(slot), |policy| policy.contains(slot))
    }

    pub(crate) fn bytes(&self) -> usize {
        let counts = if let Self::S3Fifo(_, counts) = self { counts.0.capacity() } else { 0 };
        counts + self.policy().map_or_else(Segments::bytes, Policy::bytes)
    }

    pub(crate) fn validate(&self) {
        self.policy().map_or_else(Segments::validate, Policy::validate);
    }
}
