//! Who leaves when a cache is full.
//!
//! A [`Policy`] is a structure over slots and hashes: it sees no key, no value, no lock and no clock, so that each can
//! be read beside its paper and run in a simulator. The engine keeps the entries, tells a policy what happens to them,
//! and asks it for a victim.
//!
//! # A policy of your own
//!
//! CLOCK: entries in a ring, and a hand that goes round it, spares what was used since it last came by and evicts the
//! first that was not. A use only has to be noticed, so a hit stays as cheap as it can be.
//!
//! ```
//! use cached_core::policy::{Entries, Policy, Record, Slot};
//!
//! #[derive(Default)]
//! struct Clock {
//!     ring: Vec<Slot>,
//!     hand: usize,
//! }
//!
//! impl Clock {
//!     fn take(&mut self, at: usize) -> Slot {
//!         self.hand -= usize::from(at < self.hand);
//!         self.ring.remove(at) // O(n), for the sake of a short example
//!     }
//! }
//!
//! impl Policy for Clock {
//!     fn with_capacity(_capacity: usize) -> Self {
//!         Self::default()
//!     }
//!
//!     fn record(&self) -> Record {
//!         Record::Count(1)
//!     }
//!
//!     fn insert(&mut self, slot: Slot, _hash: u64) {
//!         self.ring.insert(self.hand, slot); // the hand comes to it last
//!         self.hand += 1;
//!     }
//!
//!     fn evict(&mut self, _incoming: u64, entries: &mut dyn Entries) -> Option<Slot> {
//!         for _ in 0..=self.ring.len() {
//!             self.hand = if self.hand < self.ring.len() { self.hand } else { 0 };
//!             if entries.take_uses(*self.ring.get(self.hand)?) == 0 {
//!                 break;
//!             }
//!             self.hand += 1;
//!         }
//!         self.hand %= self.ring.len();
//!         Some(self.take(self.hand))
//!     }
//!
//!     fn remove(&mut self, slot: Slot) {
//!         if let Some(at) = self.ring.iter().position(|&other| other == slot) {
//!             self.take(at);
//!         }
//!     }
//!
//!     fn len(&self) -> usize {
//!         self.ring.len()
//!     }
//!
//!     fn contains(&self, slot: Slot) -> bool {
//!         self.ring.contains(&slot)
//!     }
//! }
//! # struct Uses([u8; 3]);
//! # impl Entries for Uses {
//! #     fn take_uses(&mut self, slot: Slot) -> u8 { std::mem::take(&mut self.0[slot as usize]) }
//! #     fn hash(&self, slot: Slot) -> u64 { slot.into() }
//! # }
//! # let mut clock = Clock::with_capacity(3);
//! # (0..3).for_each(|slot| clock.insert(slot, 0));
//! # let mut uses = Uses([1, 0, 1]);
//! # assert_eq!(clock.evict(7, &mut uses), Some(1));
//! # clock.insert(1, 7);
//! # assert_eq!(clock.evict(8, &mut uses), Some(0), "the hand went on to 2, which was used");
//! # clock.remove(1);
//! # assert_eq!((clock.evict(8, &mut uses), clock.evict(8, &mut uses)), (Some(2), None));
//! ```

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "slots, counters and parts of hashes are narrow on purpose, and shares of a capacity fit"
)]

mod adaptive;
mod arc;
mod family;
mod fifo;
mod generation;
mod ghosts;
mod hash;
mod kind;
mod lfu;
mod links;
mod lirs;
mod lru;
mod memory;
mod mini;
mod random;
mod s3fifo;
mod shadows;
mod sieve;
mod sketch;
#[cfg(test)]
mod tests;
mod tinylfu;

pub use adaptive::Adaptive;
pub use arc::Arc;
pub use fifo::Fifo;
pub use generation::Generation;
pub use hash::mix;
pub use kind::PolicyKind;
pub use lfu::Lfu;
pub use lirs::Lirs;
pub use lru::Lru;
pub use random::Random;
pub use s3fifo::S3Fifo;
pub use sieve::Sieve;
pub use tinylfu::TinyLfu;

/// The place of an entry: small numbers, used again after the entry left. A policy may keep arrays by slot, so the
/// engine hands out low numbers first.
pub type Slot = u32;

/// How the engine records uses for a policy, so that a hit need not take a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// Not at all.
    None,
    /// A count beside each entry that stops at this number, which the policy takes through [`Entries::take_uses`] when
    /// it looks for a victim. At the least, 1, a hit writes only if the entry was not used since the last look.
    Count(u8),
    /// The uses, in order, through [`Policy::used`]; but of one entry's uses in a row, with nothing else in between, those
    /// after the fifteenth may be left out. The engine may be late, but not past the next [`Policy::evict`], and while threads contend it may
    /// leave some out.
    Events,
    /// The same, but only each entry's first use in a [`Generation`], so that most hits of a busy cache cost no more
    /// than a look at the entry's mark.
    Thinned,
}

/// What a policy may ask about a resident entry while it looks for a victim. The engine has it anyway, so that no
/// policy stores it a second time.
pub trait Entries {
    /// The number of uses since the last take, as far as [`Record::Count`] has them counted; zero after
    /// [`Policy::insert`]. Readers may use the entry again at once.
    fn take_uses(&mut self, slot: Slot) -> u8;
    /// The hash the entry was inserted with.
    fn hash(&self, slot: Slot) -> u64;
}

/// Who leaves when a cache is full.
///
/// # The calls for one look-up
///
/// - found: [`used`](Self::used) if the policy asks for [events](Record::Events) (all or [thinned](Record::Thinned) out), a count or nothing otherwise;
/// - not found: [`missed`](Self::missed), then, after the load, [`evict`](Self::evict) for as long as there is too
///   much, then [`insert`](Self::insert).
///
/// # What an implementation has to put up with
///
/// All calls come from under one lock, from any thread. Beyond that only this is promised: `insert` is given a slot
/// that is not resident, and what `evict` returns has left. In particular
///
/// - the capacity is a hint: entries can be evicted before it is reached, and inserted when it is exceeded, because
///   a cache may be bounded by weight instead, and it may [change](Self::set_capacity);
/// - `evict` may come several times in a row, or without an insertion afterwards, and `insert` without a look-up;
/// - `remove` and `used` may name a slot that has left, or never was there, and do nothing then. If another entry has
///   taken the slot, they mean that one.
///
/// # Turning away newcomers
///
/// No policy turns the new entry itself away: what a load returned is in the cache, for a moment at least. One that
/// pits newcomers against residents (W-TinyLFU) does so through a window: the newcomer enters, and the contest is
/// between the window's oldest and the main part's.
///
/// # Cost
///
/// `insert`, `used`, `missed` and `remove` should be O(1), `evict` O(1) amortised: everyone who writes waits
/// meanwhile.
///
/// # What happens if it does not do what it should
///
/// The bound holds whatever `evict` returns: where it names nobody, or an entry that is not there, any other leaves. A panic in a policy
/// is that of the operation that asked it, which may or may not have been carried out; the cache stays usable (its length is told rightly from the next
/// change on), and whoever waited for that load runs its own. A call into the same cache from within a policy waits for itself, for ever.
pub trait Policy: Send {
    /// For a cache of about `capacity` entries.
    fn with_capacity(capacity: usize) -> Self
    where
        Self: Sized;

    /// How uses are recorded. Always the same.
    fn record(&self) -> Record;

    /// The cache is expected to hold about `capacity` entries from now on. Nobody has to leave for that at once: if
    /// there are too many, `evict` will be called.
    fn set_capacity(&mut self, capacity: usize) {
        let _ = capacity;
    }

    /// An entry came in at `slot`, which was free. `hash` is its key's 64-bit hash, well mixed.
    fn insert(&mut self, slot: Slot, hash: u64);

    /// An entry was used, with this hash; only for [`Record::Events`] and [`Record::Thinned`].
    fn used(&mut self, slot: Slot, hash: u64) {
        let _ = (slot, hash);
    }

    /// A look-up found nothing. Sketches count it, so an insertion without a look-up should be told too.
    fn missed(&mut self, hash: u64) {
        let _ = hash;
    }

    /// Chooses and forgets the entry that leaves, keeping a ghost of it where the policy keeps ghosts; `None` only if
    /// there is no entry. `incoming` is the hash of the key that will be inserted next, as far as is known.
    fn evict(&mut self, incoming: u64, entries: &mut dyn Entries) -> Option<Slot>;

    /// An entry left otherwise (invalidated, expired): forgotten without a ghost.
    fn remove(&mut self, slot: Slot);

    /// The number of resident entries.
    fn len(&self) -> usize;

    /// Whether no entry is resident.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether an entry is resident at `slot`.
    fn contains(&self, slot: Slot) -> bool;

    /// Bytes held on the heap, for measurements.
    fn bytes(&self) -> usize {
        0
    }

    /// Panics unless the structure is sound; for tests, O(n).
    fn validate(&self) {}
}
