//! The table of a cache: shards behind locks, one bound over all of them.
//!
//! This is the seam of the engine. A hit goes through [`Table::get`], which gives the value to a closure and says
//! nothing of how it was reached; here, a shard is locked for reading just long enough to take hold of the entry.
//! Keys are compared, and values cloned and dropped, with no lock held. So that nobody has to compare keys under
//! an exclusive lock either, callers that change something first [find](Table::find) a ticket and then act on
//! that; the flights above see to it that a key has one writer at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::entry::Entry;
use super::order::Ticket;
use super::policy::{Lru, Policy};
use super::shard::Shard;
use crate::clock::{Time, is_past};
use crate::info::PolicyKind;
use crate::key::Lookup;
use crate::sync::{Padded, RwLock, assert_unguarded};

/// Most expired entries that one operation clears away for others.
const SWEEP: usize = 256;

/// Entries on their way out. They are dropped when this is, with no lock held.
pub(crate) type Removed<K, V> = Vec<Arc<Entry<K, V>>>;

struct Locked<K, V> {
    shard: RwLock<Shard<K, V>>,
    /// What [`Shard::bound`] and [`Shard::next_deadline`] said last, to be read without the lock.
    bound: AtomicU64,
    deadline: AtomicU64,
}

/// What had to make room. Dropped with no lock held.
pub(crate) struct Evicted<K, V> {
    first: Option<Arc<Entry<K, V>>>,
    rest: Removed<K, V>,
}

impl<K, V> Evicted<K, V> {
    pub(crate) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.rest.len()
    }
}

/// See the module's words.
pub(crate) struct Table<K, V> {
    shards: Box<[Padded<Locked<K, V>>]>,
    len: AtomicUsize,
    /// Evictions that are under way. Both are sequentially consistent: who finds that others have claimed enough relies
    /// on one of them looking again after its insertion.
    claims: AtomicUsize,
    max: usize,
    policy: PolicyKind,
    /// Whether the policy asks when an entry was used.
    tracks_uses: bool,
    /// No deadline passes before this.
    due: AtomicU64,
    /// Where the last sweep stopped.
    cursor: AtomicUsize,
}

impl<K, V> Table<K, V> {
    pub(crate) fn new(max: Option<usize>, policy: PolicyKind) -> Self {
        let max = max.unwrap_or(usize::MAX);
        let shard = |_| {
            let shard = RwLock::new(Shard::new(order(policy)));
            Padded(Locked { shard, bound: AtomicU64::new(u64::MAX), deadline: AtomicU64::new(u64::MAX) })
        };
        let shards = (0..shard_count(max)).map(shard).collect();
        let (len, claims, cursor) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        let due = AtomicU64::new(u64::MAX);
        let tracks_uses = policy != PolicyKind::Unbounded;
        Self { shards, len, claims, max, policy, tracks_uses, due, cursor }
    }

    pub(crate) fn len(&self) -> usize {
        self.len.load(Ordering::SeqCst)
    }

    #[inline]
    fn shard(&self, hash: u64) -> &Locked<K, V> {
        // The index inside a shard uses the lowest and the seven highest bits.
        &self.shards[(hash >> 40) as usize & (self.shards.len() - 1)]
    }

    /// Gives the fresh value of a key to `read`, and notes the use where `used`. Of an entry
    /// that does not age, `now` does not matter.
    #[inline]
    pub(crate) fn get<R>(
        &self,
        hash: u64,
        key: &impl Lookup<K>,
        now: Time,
        used: bool,
        read: impl FnOnce(&V) -> R,
    ) -> Option<R> {
        let (seen, mut entry) = {
            let shard = self.shard(hash).shard.read();
            (shard.seen(), Arc::clone(&shard.first(hash)?.1))
        };
        assert_unguarded();
        if !key.matches(&entry.key) {
            entry = self.find_other(hash, key)?;
        }
        if entry.ages() && is_past(entry.deadline(), now) {
            return None;
        }
        if used && self.tracks_uses {
            entry.touch(seen);
        }
        Some(read(&entry.value))
    }

    /// The entry of a key whose hash another key has, too.
    #[cold]
    #[inline(never)]
    fn find_other(&self, hash: u64, key: &impl Lookup<K>) -> Option<Arc<Entry<K, V>>> {
        Some(self.find(hash, key)?.1)
    }

    /// The entry of a key, fresh or not.
    pub(crate) fn find(&self, hash: u64, key: &impl Lookup<K>) -> Option<(Ticket, Arc<Entry<K, V>>)> {
        let same_hash: Vec<_> = {
            let shard = self.shard(hash).shard.read();
            shard.all(hash).map(|(ticket, entry)| (*ticket, Arc::clone(entry))).collect()
        };
        assert_unguarded();
        same_hash.into_iter().find(|(_, entry)| key.matches(&entry.key))
    }

    /// Stores an entry in the place of another, which is returned. The caller is the only one that writes to this
    /// key, knows that no entry has it but `replaced`, and then [makes room](Self::make_room).
    #[must_use = "what was removed is dropped with no lock held"]
    pub(crate) fn insert(&self, entry: Entry<K, V>, replaced: Option<Ticket>) -> Option<Arc<Entry<K, V>>> {
        let entry = Arc::new(entry);
        let deadline = entry.deadline();
        let locked = self.shard(entry.hash);
        let mut shard = locked.shard.write();
        let old = replaced.and_then(|ticket| shard.remove(ticket));
        if old.is_none() {
            self.len.fetch_add(1, Ordering::SeqCst);
        }
        shard.insert(entry);
        locked.note(&shard);
        drop(shard);
        self.due.fetch_min(deadline, Ordering::SeqCst);
        old
    }

    /// Takes out what is too many: nearly always one.
    #[inline]
    pub(crate) fn make_room(&self) -> Evicted<K, V> {
        let mut evicted = Evicted { first: None, rest: Vec::new() };
        while self.claim_eviction() {
            let victim = self.evict();
            // In this order: who looks in between sees one too few rather than one too many, and this thread looks again.
            if victim.is_some() {
                self.len.fetch_sub(1, Ordering::SeqCst);
            }
            self.claims.fetch_sub(1, Ordering::SeqCst);
            match victim {
                Some(entry) if evicted.first.is_none() => evicted.first = Some(entry),
                Some(entry) => evicted.rest.push(entry),
                // Others have taken everything meanwhile.
                None => break,
            }
        }
        evicted
    }

    /// Claims the removal of one entry, where there are more than enough that nobody has claimed.
    #[inline]
    fn claim_eviction(&self) -> bool {
        let one_more = |claims: usize| (self.len().saturating_sub(claims) > self.max).then_some(claims + 1);
        self.len() > self.max
            && self.claims.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_more).is_ok()
    }

    /// Removes the victim of all shards together: bounds are compared without locks, then the least shard settles
    /// its own and is taken if it still is the least.
    fn evict(&self) -> Option<Arc<Entry<K, V>>> {
        for attempt in 0_usize.. {
            let (least, others) = self.least_bounds()?;
            let mut shard = least.shard.write();
            let victim = shard.victim();
            least.note(&shard);
            let Some((stamp, ticket)) = victim else { continue };
            // Threads that keep raising each other's bounds must not keep this one from its work.
            let patient = attempt < self.shards.len() * 2;
            if patient && others < stamp {
                continue;
            }
            let entry = shard.remove(ticket);
            least.note(&shard);
            return entry;
        }
        None
    }

    /// The shard with the least bound, and the least bound of the others. `None` where no shard has anything.
    fn least_bounds(&self) -> Option<(&Locked<K, V>, u64)> {
        let (mut least, mut bound, mut others) = (None, u64::MAX, u64::MAX);
        for locked in &self.shards {
            let own = locked.bound.load(Ordering::Relaxed);
            if own < bound {
                (others, bound, least) = (bound, own, Some(&locked.0));
            } else {
                others = others.min(own);
            }
        }
        Some((least?, others))
    }

    /// Takes out an entry, if it is still there.
    pub(crate) fn remove(&self, hash: u64, ticket: Ticket) -> Option<Arc<Entry<K, V>>> {
        let locked = self.shard(hash);
        let mut shard = locked.shard.write();
        let entry = shard.remove(ticket);
        locked.note(&shard);
        if entry.is_some() {
            self.len.fetch_sub(1, Ordering::SeqCst);
        }
        entry
    }

    /// Takes everything out.
    pub(crate) fn drain(&self) -> Removed<K, V> {
        let mut removed = Vec::new();
        for locked in &self.shards {
            let entries = {
                let mut shard = locked.shard.write();
                let entries = shard.drain(order(self.policy));
                locked.note(&shard);
                self.len.fetch_sub(entries.len(), Ordering::Relaxed);
                entries
            };
            removed.extend(entries);
        }
        removed
    }

    /// Everything that is here, shard by shard.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (Ticket, Arc<Entry<K, V>>)> {
        self.shards.iter().flat_map(|locked| {
            let shard = locked.shard.read();
            shard.iter().map(|(ticket, entry)| (*ticket, Arc::clone(entry))).collect::<Vec<_>>()
        })
    }

    /// Whether a deadline may have passed.
    #[inline]
    pub(crate) fn is_due(&self, now: Time) -> bool {
        now >= self.due.load(Ordering::Relaxed)
    }

    /// Takes out expired entries that nobody asks for, a bounded number at a time, and goes on next time.
    pub(crate) fn sweep(&self, now: Time) -> Removed<K, V> {
        let mut removed = Vec::new();
        let start = self.cursor.load(Ordering::Relaxed);
        for step in 0..self.shards.len() {
            let at = (start + step) & (self.shards.len() - 1);
            let locked = &self.shards[at];
            if now < locked.deadline.load(Ordering::Relaxed) {
                continue;
            }
            // Who holds the lock is at work in this shard; a later sweep comes back.
            let Some(mut shard) = locked.shard.try_write() else {
                continue;
            };
            let before = removed.len();
            shard.expire(now, SWEEP - before, &mut removed);
            locked.note(&shard);
            self.len.fetch_sub(removed.len() - before, Ordering::Relaxed);
            if removed.len() == SWEEP {
                self.cursor.store(at, Ordering::Relaxed);
                return removed;
            }
        }
        self.set_due();
        removed
    }

    /// Works out when the next deadline may pass. An insertion at the same time could be overlooked, hence the
    /// order: first forget, then look; who inserts first notes its deadline in the shard, then lowers `due`.
    fn set_due(&self) {
        self.due.store(u64::MAX, Ordering::SeqCst);
        let next = self.shards.iter().map(|locked| locked.deadline.load(Ordering::SeqCst)).min();
        self.due.fetch_min(next.unwrap_or(u64::MAX), Ordering::SeqCst);
    }

    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.shards.iter().map(|locked| locked.shard.read().capacity()).sum()
    }

    #[cfg(test)]
    pub(crate) fn assert_valid(&self) {
        let mut len = 0;
        for locked in &self.shards {
            let shard = locked.shard.read();
            shard.assert_valid();
            len += shard.len();
            assert!(locked.bound.load(Ordering::Relaxed) <= shard.bound());
            assert!(self.due.load(Ordering::Relaxed) <= shard.next_deadline());
        }
        assert_eq!(len, self.len());
        assert!(len <= self.max);
    }
}

impl<K, V> Locked<K, V> {
    fn note(&self, shard: &Shard<K, V>) {
        self.bound.store(shard.bound(), Ordering::Relaxed);
        self.deadline.store(shard.next_deadline(), Ordering::SeqCst);
    }
}

fn order(policy: PolicyKind) -> Option<Box<dyn Policy>> {
    match policy {
        PolicyKind::Unbounded => None,
        PolicyKind::Lru => Some(Box::<Lru>::default()),
    }
}

/// Enough shards that threads rarely meet, and no more than entries. Without a bound nothing ever looks at all of them,
/// and more of them keep each small, so that none takes long to grow or to shrink.
fn shard_count(max: usize) -> usize {
    let threads = std::thread::available_parallelism().map_or(4, std::num::NonZero::get);
    let least = if max == usize::MAX { 32 } else { 1 };
    (threads * 4).clamp(least, 64).min(max.max(1)).next_power_of_two()
}
