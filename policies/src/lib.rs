//! Who leaves when a cache is full.
//!
//! The policies are structures over slots and hashes: they see no key, no value, no lock and no clock, so that each
//! can be read beside its paper and run in a simulator. The engine keeps the entries, tells a policy what happens to
//! them, and asks it for a victim.

mod adaptive;
mod arc;
mod family;
mod fifo;
mod ghosts;
mod hash;
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
pub use hash::mix;
pub use lfu::Lfu;
pub use lirs::Lirs;
pub use lru::Lru;
pub use random::Random;
pub use s3fifo::S3Fifo;
pub use sieve::Sieve;
pub use tinylfu::TinyLfu;

/// The place of an entry: dense small numbers, used again after the entry left.
pub type Slot = u32;

/// How the engine records uses for a policy, so that a hit need not take a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// Not at all.
    None,
    /// A count per slot that saturates at 3, which the policy takes through [`Entries::take_uses`] when it looks for
    /// a victim.
    Bit,
    /// Each use, in order, through [`Policy::used`]; the engine may be late, but not past the next [`Policy::evict`].
    Events,
}

/// What a policy may ask about a resident entry while it looks for a victim. The engine has it anyway, so that no
/// policy stores it a second time.
pub trait Entries {
    /// The number of uses since the last take, saturating at 3; zero after [`Policy::insert`]. Only meaningful for
    /// [`Record::Bit`].
    fn take_uses(&mut self, slot: Slot) -> u8;
    /// The hash the entry was inserted with.
    fn hash(&self, slot: Slot) -> u64;
}

/// Who leaves. The calls for one look-up:
///
/// - found: [`used`](Self::used) if the policy asks for events, a count or nothing otherwise;
/// - not found: [`missed`](Self::missed), then (after the load) [`evict`](Self::evict) if the cache is full, then
///   [`insert`](Self::insert).
///
/// A cache of capacity `c` calls `evict` when it holds `c` entries and before it inserts the next. Policies that pit
/// the newcomer against a resident (W-TinyLFU) do so through a window: the newcomer always enters, and the contest at
/// its arrival is between the window's oldest and the main part's. So no policy ever turns the new slot itself away.
pub trait Policy: Send {
    /// How uses are recorded.
    fn record(&self) -> Record;

    /// An entry came in at `slot`, which was free. `hash` is its key's 64-bit hash, well mixed.
    fn insert(&mut self, slot: Slot, hash: u64);

    /// A resident entry was used; only for [`Record::Events`]. A slot that has left in the meantime is ignored.
    fn used(&mut self, slot: Slot, hash: u64) {
        let _ = (slot, hash);
    }

    /// A look-up found nothing. Sketches count it, so an insertion without a look-up should be told too.
    fn missed(&mut self, hash: u64) {
        let _ = hash;
    }

    /// Chooses and forgets the entry that leaves, keeping a ghost of it where the policy keeps ghosts; `None` if
    /// there is no entry. `incoming` is the hash of the key that will be inserted next.
    fn evict(&mut self, incoming: u64, entries: &mut dyn Entries) -> Option<Slot>;

    /// An entry left otherwise (invalidated, expired): forgotten without a ghost. A slot that is not resident is
    /// ignored.
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
    fn bytes(&self) -> usize;

    /// Panics unless the structure is sound; for tests, O(n).
    fn validate(&self);
}
