//! Looking a key up: the short way, the ageing way and the long one; and looking without being counted.

use super::Store;
use crate::clock::{self, Clock, Time};
use crate::engine::note;
use crate::engine::table::Quick;
use crate::engine::table::Table;
use crate::info::{Count, Counters};
use crate::key::Lookup;
use crate::reload::Look;

impl<K, V> Store<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// The value of a key, counted.
    #[inline]
    pub(crate) fn seek(&self, hash: u64, key: &impl Lookup<K>) -> Look<V>
    where
        V: Clone,
    {
        match self.seek_quick(hash, key) {
            Quick::Found(value) => Look::Found(value),
            Quick::Missing => Look::Missing,
            Quick::Unknown => self.look(hash, key),
        }
    }

    /// The same in one of the short ways. Where nothing has tags, what is missing is not there at all.
    #[inline(always)]
    pub(super) fn seek_quick(&self, hash: u64, key: &impl Lookup<K>) -> Quick<V>
    where
        V: Clone,
    {
        match self.hit_quick(note::UNKNOWN, hash, key) {
            Quick::Unknown => self.seek_noted(hash, key),
            known => known,
        }
    }

    #[inline(never)]
    fn seek_noted(&self, hash: u64, key: &impl Lookup<K>) -> Quick<V>
    where
        V: Clone,
    {
        self.hit_noted(hash, key)
    }

    /// The same, the short way: where nothing ages, and the thread has been here before, is not on a visit, and has not
    /// entered a scope.
    #[inline(always)]
    pub(crate) fn hit_quick(&self, note: u8, hash: u64, key: &impl Lookup<K>) -> Quick<V>
    where
        V: Clone,
    {
        self.table.get_quick(note, hash, key, |pin, value| {
            let value = value.clone();
            self.counters.add_as(pin, Count::Hits, 1);
            value
        })
    }

    /// The same of a function without options.
    #[inline(always)]
    pub(crate) fn hit_plain(&self, hash: u64, key: &impl Lookup<K>) -> Quick<V>
    where
        V: Clone,
    {
        self.table.get_plain(hash, key, |pin, value| {
            let value = value.clone();
            self.core.counters.add_as(pin, Count::Hits, 1);
            value
        })
    }

    /// The same where the policy may have to be told, or where entries age and the coarse clock will do.
    #[inline]
    pub(crate) fn hit_noted(&self, hash: u64, key: &impl Lookup<K>) -> Quick<V>
    where
        V: Clone,
    {
        if self.ages.any || self.tags.is_some() {
            return self.hit_ageing(hash, key);
        }
        self.table.get_noted(hash, key, |pin, value| {
            let value = value.clone();
            self.counters.add_as(pin, Count::Hits, 1);
            value
        })
    }

    #[inline]
    fn hit_ageing(&self, hash: u64, key: &impl Lookup<K>) -> Quick<V>
    where
        V: Clone,
    {
        let Some(now) = self.coarse_now() else { return Quick::Unknown };
        self.table.get_ageing(hash, key, now, |pin, value| {
            let value = value.clone();
            self.counters.add_as(pin, Count::Hits, 1);
            value
        })
    }

    /// By the coarse clock, where anything here ages. A scope's clock is read the long way, and that is gone where there is
    /// something to clear away.
    #[inline]
    fn coarse_now(&self) -> Option<Time> {
        match (&self.clock, &self.tags) {
            (_, Some(tags)) if tags.has_graves() => None,
            (Clock::System, _) if self.ages.any => clock::coarse_now(),
            (_, Some(_)) if !self.ages.any => Some(0),
            _ => None,
        }
    }

    /// The same for a caller that does not reload what has grown old.
    pub(crate) fn hit(&self, hash: u64, key: &impl Lookup<K>) -> Option<V>
    where
        V: Clone,
    {
        match self.seek(hash, key) {
            Look::Found(value) => Some(value),
            Look::Old(value, ticket) => {
                self.brake(hash, ticket);
                Some(value)
            }
            Look::Missing => None,
        }
    }

    /// The time, once some expired entries were cleared away if that was due.
    pub(crate) fn swept(&self) -> Time {
        self.any().swept()
    }

    /// Whether an entry may be of use beyond its time.
    pub(crate) fn lingers(&self) -> bool {
        self.ages.lingers()
    }

    /// When a reload that has failed now may be tried again.
    pub(crate) fn next_try(&self) -> Time {
        // Never for good: that would say that one is under way.
        self.now().saturating_add(self.options.fresh.retry_after()).min(Time::MAX - 1)
    }

    pub(crate) fn table_and_counters(&self) -> (&Table<K, V>, &Counters) {
        (&self.table, &self.counters)
    }

    /// What `read` makes of the value of a key, counted as a hit; the way is as that of [`hit`](Self::hit).
    #[inline]
    pub(crate) fn read<R>(&self, hash: u64, key: &impl Lookup<K>, read: impl FnOnce(&V) -> R) -> Option<R> {
        let mut read = Some(read);
        let mut read = |value: &V| read.take().expect("an entry is found once")(value);
        let quick = self.table.get_quick(note::UNKNOWN, hash, key, |pin, value| {
            let result = read(value);
            self.counters.add_as(pin, Count::Hits, 1);
            result
        });
        match quick {
            Quick::Found(result) => Some(result),
            Quick::Missing => None,
            Quick::Unknown => self.read_slow(hash, key, read),
        }
    }

    #[inline(never)]
    fn read_slow<R>(&self, hash: u64, key: &impl Lookup<K>, mut read: impl FnMut(&V) -> R) -> Option<R> {
        if let Some(now) = self.coarse_now() {
            let found = self.table.get_ageing(hash, key, now, |pin, value| {
                let result = read(value);
                self.counters.add_as(pin, Count::Hits, 1);
                result
            });
            match found {
                Quick::Found(result) => return Some(result),
                Quick::Missing => return None,
                Quick::Unknown => {}
            }
        }
        let now = self.swept();
        self.table.get(hash, key, now, true, |pin, value| {
            let result = read(value);
            self.counters.add_as(pin, Count::Hits, 1);
            result
        })
    }

    pub(crate) fn peek(&self, key: &impl Lookup<K>) -> Option<V>
    where
        V: Clone,
    {
        self.table.get(self.hash(key), key, self.now(), false, |_, value| value.clone())
    }

    pub(crate) fn contains(&self, key: &impl Lookup<K>) -> bool {
        self.table.get(self.hash(key), key, self.now(), false, |_, _| ()).is_some()
    }

    /// Shows every fresh entry.
    pub(crate) fn for_each(&self, show: impl FnMut(&K, &V)) {
        self.table.for_each(self.now(), show);
    }
}
