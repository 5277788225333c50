//! A store, whatever its types are: as the registry, the scopes and those hold it who ask how it does.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use super::{Core, Store, tags};
use crate::clock::Time;
use crate::engine::table::{RawTable, Removed};
use crate::info::{CacheInfo, Count, Counters};
use crate::sync::assert_unguarded;
use crate::tags::Tag;

/// How often in a row some expired entries are cleared away before they are counted: 16,384 of them, which take 2 to 4 ms.
const ROUNDS: usize = 64;

/// See the module's words. What needs no types is below.
pub(crate) trait AnyStore: Send + Sync {
    fn core(&self) -> &Core;
    fn table(&self) -> &RawTable;
    fn as_any(&self) -> &dyn Any;
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> AnyStore for Store<K, V> {
    fn core(&self) -> &Core {
        &self.core
    }

    fn table(&self) -> &RawTable {
        &self.table.raw
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

impl dyn AnyStore + '_ {
    pub(crate) fn name(&self) -> &'static str {
        self.core().name
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.core().counters
    }

    /// Tells who listens what has been removed. User code, which may wait for anything: to be called when nobody waits for
    /// this caller.
    fn tell(&self) {
        self.core().hooks.tell(self.table());
    }

    /// Whether entries can have tags.
    pub(crate) fn is_tagged(&self) -> bool {
        self.core().tags.is_some()
    }

    pub(crate) fn reset(&self) {
        self.core().counters.reset();
        self.table().reset_returned();
    }

    /// Forgets everything; how many fresh entries that were.
    pub(crate) fn clear(&self) -> usize {
        let core = self.core();
        core.flights.revoke_all();
        let cleared = core.clear_errors() + core.count_removed(self.table().drain(core.now()));
        self.tell();
        cleared
    }

    /// Forgets everything that has this tag; how many entries that were, those among them that had ended already.
    pub(crate) fn forget_tag(&self, tag: &Tag) -> usize {
        assert_unguarded();
        let core = self.core();
        let Some(killed) = core.kill(tag) else { return 0 };
        let (entries, first) = killed;
        core.count_removed(self.table().reap(first));
        self.tell();
        entries
    }

    /// Clears some expired entries away.
    #[cold]
    pub(crate) fn sweep(&self, now: Time) {
        self.core().count_removed(self.table().sweep(now));
        self.tell();
    }

    /// Takes out some entries that are outdated.
    #[cold]
    pub(crate) fn bury(&self) {
        if let Some(outdated) = self.core().outdated() {
            self.core().count_removed(self.table().reap(outdated));
            self.tell();
        }
    }

    /// The time, once some expired entries were cleared away if that was due.
    pub(crate) fn swept(&self) -> Time {
        let now = self.core().now();
        if self.table().is_due(now) {
            self.sweep(now);
        }
        if self.core().has_graves() {
            self.bury();
        }
        now
    }

    /// Clears some expired entries away if that is due: for a call that has not entered any load yet.
    pub(crate) fn tidy(&self) {
        if self.core().ages.any {
            self.swept();
        }
    }

    /// The same for who counts what is there: much more is cleared away, a few entries at a time, but not without bound.
    fn sweep_more(&self) {
        for _ in 0..ROUNDS {
            let now = self.swept();
            if !self.table().is_due(now) {
                return;
            }
        }
    }

    /// Counters and size, now.
    pub(crate) fn info(&self) -> CacheInfo {
        let (core, table) = (self.core(), self.table());
        let count = |count| core.counters.get(count);
        self.sweep_more();
        core.sweep_errors();
        let errors = core.count_errors();
        drop(table.collect());
        self.tell();
        let returned = table.returned();
        let bound = &core.options.bound;
        CacheInfo {
            name: core.name.to_owned(),
            policy: bound.policy(),
            hits: count(Count::Hits),
            misses: count(Count::Misses),
            coalesced: count(Count::Coalesced),
            loads: count(Count::Loads),
            load_failures: count(Count::LoadFailures),
            load_time: Duration::from_nanos(count(Count::LoadNanos)),
            evictions: count(Count::Evictions),
            returned: returned.entries,
            missing_room: returned.room,
            expirations: count(Count::Expirations),
            stale_hits: count(Count::StaleHits),
            invalidations: count(Count::Invalidations),
            refreshes: count(Count::Refreshes),
            batches: count(Count::Batches),
            created: count(Count::Created),
            forced: count(Count::Forced),
            len: (table.len() + errors).saturating_sub(core.tags.as_ref().map_or(0, tags::Tags::dead)),
            max: bound.max,
            weight: table.weight() + if bound.max_weight.is_some() { errors as u64 } else { 0 },
            max_weight: bound.max_weight,
        }
    }
}

impl Core {
    /// The time, where anything here ages.
    #[inline]
    pub(crate) fn now(&self) -> Time {
        if self.ages.any { self.clock.now() } else { 0 }
    }

    pub(super) fn note_removed(&self, removed: &Removed) {
        self.counters.some(Count::Invalidations, removed.fresh + removed.outdated);
        self.counters.some(Count::Expirations, removed.expired);
    }

    /// Counts what was removed, and drops it. What had expired before does not count as invalidated.
    pub(super) fn count_removed(&self, removed: Removed) -> usize {
        assert_unguarded();
        self.note_removed(&removed);
        removed.let_go()
    }
}
