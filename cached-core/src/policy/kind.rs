//! The policies by name.

use std::fmt;

use super::{Adaptive, Arc, Fifo, Lfu, Lirs, Lru, Policy, Random, S3Fifo, Sieve, TinyLfu};

/// Who leaves when a cache is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PolicyKind {
    /// Nobody: the cache has no bound.
    #[default]
    Unbounded,
    /// The least recently used entry. Exact in what one thread does.
    Lru,
    /// The least frequently used entry; counts are worth less as time goes on (LFU with dynamic aging, Arlitt et al. 2000).
    Lfu,
    /// The oldest entry.
    Fifo,
    /// The oldest entry that was not used since the hand passed (SIEVE, Zhang et al., NSDI 2024).
    Sieve,
    /// Three queues: new entries, proven ones, and ghosts (S3-FIFO, Yang et al., SOSP 2023).
    S3Fifo,
    /// A window for new entries, and a contest by frequency for the rest (W-TinyLFU, Einziger et al. 2017).
    TinyLfu,
    /// By the time between two uses instead of that since the last one (LIRS, Jiang and Zhang 2002).
    Lirs,
    /// Recency and frequency, weighed by what ghosts tell (ARC, Megiddo and Modha, FAST 2003).
    Arc,
    /// Anyone.
    Random,
    /// Whichever of several policies does best on a sample of the keys. The default of a bounded cache.
    Adaptive,
    /// A policy of one's own, by the name of its type.
    Custom(&'static str),
}

impl PolicyKind {
    /// The policy at work, for a cache of about `capacity` entries. `None` where there is nothing to make: without a
    /// bound, and for a custom one.
    pub fn make(self, capacity: usize) -> Option<Box<dyn Policy>> {
        Some(match self {
            Self::Unbounded | Self::Custom(_) => return None,
            Self::Lru => Box::new(Lru::with_capacity(capacity)),
            Self::Lfu => Box::new(Lfu::with_capacity(capacity)),
            Self::Fifo => Box::new(Fifo::with_capacity(capacity)),
            Self::Sieve => Box::new(Sieve::with_capacity(capacity)),
            Self::S3Fifo => Box::new(S3Fifo::with_capacity(capacity)),
            Self::TinyLfu => Box::new(TinyLfu::with_capacity(capacity)),
            Self::Lirs => Box::new(Lirs::with_capacity(capacity)),
            Self::Arc => Box::new(Arc::with_capacity(capacity)),
            Self::Random => Box::new(Random::with_capacity(capacity)),
            Self::Adaptive => Box::new(Adaptive::with_capacity(capacity)),
        })
    }
}

/// The name that the attribute's option `policy` takes.
impl fmt::Display for PolicyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unbounded => "unbounded",
            Self::Lru => "lru",
            Self::Lfu => "lfu",
            Self::Fifo => "fifo",
            Self::Sieve => "sieve",
            Self::S3Fifo => "s3fifo",
            Self::TinyLfu => "tinylfu",
            Self::Lirs => "lirs",
            Self::Arc => "arc",
            Self::Random => "random",
            Self::Adaptive => "adaptive",
            Self::Custom(name) => name,
        })
    }
}
