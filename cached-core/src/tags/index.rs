//! The records of a cache by their tags, and what was invalidated while loads run that do not know their tags yet.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::Tag;
use super::members::Members;
use super::record::{Held, Record};
use crate::sync::atomic::{AtomicBool, AtomicIsize, AtomicU64, AtomicUsize, Ordering};
use crate::sync::{Mutex, Padded};

const SHARDS: usize = 16;
/// How many invalidations a shard remembers for loads that may turn out to have these tags.
const RECENT: usize = 1024;

/// A tag of a load was invalidated after the load began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outdated;

/// See the module's words.
pub(crate) struct Index {
    hasher: RandomState,
    shards: Box<[Padded<Mutex<Shard>>]>,
    /// Entries in the table that are outdated, each once for every tag that was.
    dead: AtomicIsize,
    /// How often a tag was invalidated.
    clock: AtomicU64,
    /// Loads that learn some of their tags at their end.
    running: AtomicUsize,
    /// Whether a shard remembers anything.
    remembers: AtomicBool,
}

#[derive(Default)]
struct Shard {
    /// With their hashes, so that growing does not have to look at them.
    records: HashTable<(u64, Arc<Record>)>,
    /// When a tag was invalidated, as long as loads run that began before.
    recent: HashMap<Tag, u64, RandomState>,
    /// What was invalidated up to here may have been forgotten.
    floor: u64,
}

/// What was invalidated.
pub(crate) struct Killed {
    /// How many entries had the tag.
    pub(crate) entries: usize,
    pub(crate) members: Members,
}

impl Index {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            hasher: RandomState::default(),
            shards: (0..SHARDS).map(|_| Padded::default()).collect(),
            dead: AtomicIsize::new(0),
            clock: AtomicU64::new(0),
            running: AtomicUsize::new(0),
            remembers: AtomicBool::new(false),
        })
    }

    fn shard(&self, hash: u64) -> &Mutex<Shard> {
        // The lowest bits: the table uses the highest.
        #[expect(clippy::cast_possible_truncation, reason = "the lowest bits will do")]
        let hash = hash as usize;
        &self.shards[hash & (SHARDS - 1)]
    }

    /// Takes hold of tags, for a load that began at `since`; without that, for one that is about to begin.
    pub(crate) fn hold(
        self: &Arc<Self>,
        mut tags: Vec<Tag>,
        since: Option<&Since>,
    ) -> Result<Option<Held>, Outdated> {
        if tags.len() > 1 {
            tags.sort_unstable();
            tags.dedup();
        }
        let mut records = Vec::with_capacity(tags.len());
        for tag in tags {
            match self.hold_one(tag, since) {
                Ok(record) => records.push(record),
                Err(outdated) => {
                    drop(Held::new(self, records));
                    return Err(outdated);
                }
            }
        }
        Ok(Held::new(self, records))
    }

    fn hold_one(&self, tag: Tag, since: Option<&Since>) -> Result<Arc<Record>, Outdated> {
        let hash = self.hasher.hash_one(&tag);
        let mut shard = self.shard(hash).lock();
        if let Some(since) = since {
            let last = shard.recent.get(&tag).copied().unwrap_or(0).max(shard.floor);
            if last > since.clock {
                return Err(Outdated);
            }
        }
        if let Some((_, record)) = shard.records.find(hash, |(_, record)| record.tag == tag) {
            record.holders.fetch_add(1, Ordering::Relaxed);
            return Ok(Arc::clone(record));
        }
        let record = Arc::new(Record::new(tag, hash));
        shard.records.insert_unique(hash, (hash, Arc::clone(&record)), |(hash, _)| *hash);
        Ok(record)
    }

    /// The last holder of a record has let go.
    pub(super) fn forget(&self, record: &Arc<Record>) {
        let mut shard = self.shard(record.hash).lock();
        // Somebody may have come meanwhile, or somebody else may have been here first.
        if record.holders.load(Ordering::Relaxed) > 0 {
            return;
        }
        let own = shard.records.find_entry(record.hash, |(_, other)| Arc::ptr_eq(other, record));
        let own = own.map(|own| own.remove().0).ok();
        shard.shrink();
        drop(shard);
        drop(own);
    }

    /// Invalidates all that has a tag.
    pub(crate) fn kill(&self, tag: Tag) -> Option<Killed> {
        let hash = self.hasher.hash_one(&tag);
        let mut shard = self.shard(hash).lock();
        let now = self.clock.fetch_add(1, Ordering::SeqCst) + 1;
        let found = shard.records.find_entry(hash, |(_, record)| record.tag == tag);
        let record = found.map(|found| found.remove().0.1).ok();
        shard.shrink();
        // A load that begins after this look began after this invalidation.
        if self.running.load(Ordering::SeqCst) > 0 {
            self.remembers.store(true, Ordering::Relaxed);
            shard.remember(tag, now);
        }
        // Before the lock is given back: from here on the next record of this tag may be made.
        let (entries, members) = record.as_ref()?.kill();
        self.count_dead(isize::try_from(entries).unwrap_or(isize::MAX));
        drop(shard);
        Some(Killed { entries, members })
    }

    pub(super) fn count_dead(&self, by: isize) {
        self.dead.fetch_add(by, Ordering::Relaxed);
    }

    /// Entries in the table that are outdated. One that lost two tags counts twice, as long as it is there.
    pub(crate) fn dead(&self) -> usize {
        usize::try_from(self.dead.load(Ordering::Relaxed)).unwrap_or(0)
    }

    /// For a load that learns some of its tags at its end: what is invalidated from here on is remembered for it.
    pub(crate) fn begin(self: &Arc<Self>) -> Since {
        self.running.fetch_add(1, Ordering::SeqCst);
        Since { index: Arc::clone(self), clock: self.clock.load(Ordering::SeqCst) }
    }

    #[cold]
    fn forget_recent(&self) {
        for shard in &self.shards {
            let mut shard = shard.lock();
            // Who begins after this look does not ask for what was invalidated before it.
            if self.running.load(Ordering::SeqCst) == 0 {
                shard.recent = HashMap::default();
            }
        }
    }

    /// Tags that are held, and invalidations that are remembered.
    #[cfg(test)]
    pub(crate) fn len(&self) -> (usize, usize) {
        let sizes = self.shards.iter().map(|shard| {
            let shard = shard.lock();
            (shard.records.len(), shard.recent.len())
        });
        sizes.fold((0, 0), |(records, recent), (one, other)| (records + one, recent + other))
    }

    /// Places that memory is held for.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().records.capacity()).sum()
    }
}

impl Shard {
    fn remember(&mut self, tag: Tag, now: u64) {
        if self.recent.len() >= RECENT {
            // Loads that are older than that are not kept, whatever their tags turn out to be.
            self.recent = HashMap::default();
            self.floor = now;
        }
        self.recent.insert(tag, now);
    }

    /// Gives memory back where nearly all of it is empty.
    fn shrink(&mut self) {
        let (len, capacity) = (self.records.len(), self.records.capacity());
        if capacity > 64 && len < capacity / 16 {
            self.records.shrink_to(len * 2, |(hash, _)| *hash);
        }
    }
}

/// When a load began, as long as it runs.
pub(crate) struct Since {
    index: Arc<Index>,
    clock: u64,
}

impl Since {
    /// Whether no tag has been invalidated since.
    pub(crate) fn is_quiet(&self) -> bool {
        self.index.clock.load(Ordering::SeqCst) == self.clock
    }
}

impl Drop for Since {
    fn drop(&mut self) {
        let last = self.index.running.fetch_sub(1, Ordering::SeqCst) == 1;
        if last && self.index.remembers.swap(false, Ordering::Relaxed) {
            self.index.forget_recent();
        }
    }
}
