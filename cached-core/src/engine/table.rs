//! The table of a cache: where entries are, and how one is looked up.
//!
//! This is the seam of the engine. A hit goes through [`Table::get_quick`], which gives the value to a closure and says
//! nothing of how it was reached. Keys are compared, and values cloned and dropped, with no lock held. So that nobody
//! has to compare keys under the writers' lock either, callers that change something first [find](Table::find) a
//! ticket and then act on that; the flights above see to it that a key has one writer at a time.
//!
//! What does not depend on the types of keys and values is [`RawTable`]'s, and so is nearly all: it moves pairs about without
//! knowing what they are. Here is what knows: it looks at them, and puts them in. A hit is compiled for its types, as short as it
//! can be; all else asks the other by way of a closure.

#![expect(unsafe_code, reason = "code that is compiled once does not know the types of pairs")]

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::atomic::Ordering;

use super::age::Ages;
use super::entry::Entry;
use super::note;
use super::order::Ticket;
use super::part::deadline;
use super::raw::Facts;
pub(crate) use super::raw::{Aged, RawTable, number_of_part};
pub(crate) use super::removed::{Change, Fate, Inserted, Removed};
#[cfg(all(debug_assertions, not(test)))]
use super::seek::ReadAny;
use super::seek::SeekAny;
pub(crate) use super::shelf::Garbage;
use super::shelf::{AnyPair, Kind, Packed, Pair, tag};
use crate::clock::{NEVER, SLACK, Time};
use crate::epoch::{self, Pin, QuickPin};
use crate::key::Lookup;
use crate::options::Bound;
use crate::removal::RemovalCause;
use crate::sync::assert_unguarded;

/// See the module's words.
#[repr(transparent)]
pub(crate) struct Table<K, V> {
    /// Its pairs are of these types: it is made for them below, and nobody else puts pairs in.
    pub(crate) raw: RawTable,
    _pairs: PhantomData<Pair<K, V>>,
}

/// What needs no types.
impl<K, V> Deref for Table<K, V> {
    type Target = RawTable;

    #[inline(always)]
    fn deref(&self) -> &RawTable {
        &self.raw
    }
}

/// What looks for an entry, and takes what is found.
pub(crate) trait Seek<K, V> {
    /// Whether a key is the one that it looks for. User code.
    fn matches(&self, key: &K) -> bool;
    /// Takes a fresh value. User code.
    fn found(&mut self, value: &V);
}

/// The same in a table of these types, for what does not know them.
struct Seeking<'a, K, V, L>(&'a mut L, PhantomData<Pair<K, V>>);

impl<K: 'static, V: 'static, L: Seek<K, V>> SeekAny for Seeking<'_, K, V, L> {
    fn matches(&self, pair: &AnyPair<'_>) -> bool {
        // SAFETY: a pair of that table.
        self.0.matches(unsafe { &pair.typed::<K, V>().key })
    }

    fn found(&mut self, pair: &AnyPair<'_>) {
        // SAFETY: as above.
        self.0.found(unsafe { &pair.typed::<K, V>().value });
    }
}

/// A hit in a table of these types, for what does not know them.
#[cfg(all(debug_assertions, not(test)))]
struct Reading<'a, K, V, L, F, R> {
    key: &'a L,
    read: F,
    result: Quick<R>,
    _pairs: PhantomData<Pair<K, V>>,
}

#[cfg(all(debug_assertions, not(test)))]
impl<K: 'static, V: 'static, L: Lookup<K>, F: FnMut(&QuickPin, &V) -> R, R> ReadAny
    for Reading<'_, K, V, L, F, R>
{
    fn matches(&self, pair: &AnyPair<'_>) -> bool {
        // SAFETY: a pair of that table.
        self.key.matches(unsafe { &pair.typed::<K, V>().key })
    }

    fn read(&mut self, pin: &QuickPin, pair: &AnyPair<'_>) {
        // SAFETY: as above.
        self.result = Quick::Found((self.read)(pin, unsafe { &pair.typed::<K, V>().value }));
    }
}

/// What the short way found.
pub(crate) enum Quick<R> {
    Found(R),
    Missing,
    /// The long way has to be gone.
    Unknown,
}

impl<K: 'static, V: 'static> Table<K, V> {
    /// A table of which it is known that it is of these types.
    pub(crate) fn of(raw: &RawTable) -> &Self {
        assert!(raw.is_of::<K, V>(), "a table has pairs of one type");
        // SAFETY: they are, and there is nothing else in a table.
        unsafe { &*std::ptr::from_ref(raw).cast() }
    }

    /// # Safety
    /// The pair is of a table of these types.
    #[inline(always)]
    unsafe fn typed<'p>(pair: &'p AnyPair<'_>) -> &'p Pair<K, V> {
        // SAFETY: the caller's word.
        unsafe { pair.typed::<K, V>() }
    }

    /// Tells `listener` of removals that it has not been told of. To be called with nothing locked.
    pub(crate) fn tell(&self, listener: &dyn Fn(&K, &V, RemovalCause)) {
        self.raw.tell(&|pair, cause| {
            // SAFETY: a pair of this table.
            let pair = unsafe { Self::typed(pair) };
            listener(&pair.key, &pair.value, cause);
        });
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Table<K, V> {
    pub(crate) fn new(bound: Bound, ages: impl Into<Ages>) -> Self {
        Self { raw: RawTable::new(Kind::of::<K, V>(), bound, ages.into()), _pairs: PhantomData }
    }

    /// Gives the value of a key to `read`, and notes the use: the way of a hit, short enough to be inlined. It calls
    /// nothing but user code, and gives up where it would have to. (A call of anything else would make the compiler save
    /// registers on entry, which costs as much as the look-up.)
    ///
    /// `note` is what a hit leaves behind: a constant, where the function's attribute says enough.
    #[inline(always)]
    pub(crate) fn get_quick<R>(
        &self,
        note: u8,
        hash: u64,
        key: &impl Lookup<K>,
        read: impl FnMut(&QuickPin, &V) -> R,
    ) -> Quick<R> {
        let known = match note {
            note::UNKNOWN => self.raw.quick_note,
            note::MORE => None,
            _ => Some(note),
        };
        let Some(note) = known else { return Quick::Unknown };
        self.raw.assert_noted(note);
        self.find_quick(note, hash, key, read)
    }

    /// The same where a hit leaves nothing behind, as the function has no options.
    #[inline(always)]
    pub(crate) fn get_plain<R>(
        &self,
        hash: u64,
        key: &impl Lookup<K>,
        read: impl FnMut(&QuickPin, &V) -> R,
    ) -> Quick<R> {
        self.raw.assert_noted(note::NOTHING);
        self.find_quick(note::NOTHING, hash, key, read)
    }

    /// The same where nothing is optimized: there a crate has to pay for all that is compiled for its types, even if that is never called.
    /// Tests of the engine take the other.
    #[cfg(all(debug_assertions, not(test)))]
    fn find_quick<R>(
        &self,
        note: u8,
        hash: u64,
        key: &impl Lookup<K>,
        read: impl FnMut(&QuickPin, &V) -> R,
    ) -> Quick<R> {
        let mut reading = Reading { key, read, result: Quick::Missing, _pairs: self._pairs };
        if self.raw.find_quick(note, hash, &mut reading) { reading.result } else { Quick::Unknown }
    }

    #[cfg(any(test, not(debug_assertions)))]
    #[inline(always)]
    fn find_quick<R>(
        &self,
        note: u8,
        hash: u64,
        key: &impl Lookup<K>,
        mut read: impl FnMut(&QuickPin, &V) -> R,
    ) -> Quick<R> {
        // To panic would be a call.
        let Some(part) = self.raw.parts.get(self.raw.number_of_part(hash)) else { return Quick::Unknown };
        let Some(pin) = epoch::quick_pin() else { return Quick::Unknown };
        assert_unguarded();
        // SAFETY: these are the types.
        let found = unsafe { part.shelf.find_typed::<K, V>(&pin, tag(hash), |other| key.matches(other)) };
        let Some(found) = found else { return Quick::Missing };
        if !part.note_quick(note, &found) {
            return Quick::Unknown;
        }
        // SAFETY: these are the types.
        Quick::Found(read(&pin, unsafe { &Self::typed(found.pair()).value }))
    }

    /// The same where the policy may have to be told of the use.
    #[inline]
    pub(crate) fn get_noted<R>(
        &self,
        hash: u64,
        key: &impl Lookup<K>,
        read: impl FnOnce(&QuickPin, &V) -> R,
    ) -> Quick<R> {
        let part = self.raw.part(hash);
        let Some(pin) = epoch::quick_pin() else { return Quick::Unknown };
        assert_unguarded();
        // SAFETY: these are the types.
        let found = unsafe { part.shelf.find_typed::<K, V>(&pin, tag(hash), |other| key.matches(other)) };
        let Some(found) = found else { return Quick::Missing };
        // SAFETY: these are the types.
        let result = read(&pin, unsafe { &Self::typed(found.pair()).value });
        part.note_use(&pin, &found);
        Quick::Found(result)
    }

    /// The same where entries age or have tags, and `now` is by the coarse clock.
    #[inline]
    pub(crate) fn get_ageing<R>(
        &self,
        hash: u64,
        key: &impl Lookup<K>,
        now: Time,
        read: impl FnOnce(&QuickPin, &V) -> R,
    ) -> Quick<R> {
        if self.raw.is_due(now) {
            return Quick::Unknown;
        }
        let part = self.raw.part(hash);
        let Some(pin) = epoch::quick_pin() else { return Quick::Unknown };
        assert_unguarded();
        // SAFETY: these are the types.
        let found = unsafe { part.shelf.find_typed::<K, V>(&pin, tag(hash), |other| key.matches(other)) };
        let Some(found) = found else { return Quick::Missing };
        let soft = found.soft().map_or(NEVER, |soft| soft.load(Ordering::Relaxed));
        if now.saturating_add(SLACK) >= self.raw.ages.fresh_until(deadline(&found)).min(soft) {
            return Quick::Unknown;
        }
        if !found.is_current() {
            return Quick::Missing;
        }
        // SAFETY: these are the types.
        let result = read(&pin, unsafe { &Self::typed(found.pair()).value });
        self.raw.prolong(&found, now);
        part.note_use(&pin, &found);
        Quick::Found(result)
    }

    /// Gives the fresh value of a key to `read`, and notes the use where `used`. Of entries that do not age, `now` does
    /// not matter. `read` may do anything, but while it runs nothing that was removed anywhere is freed.
    pub(crate) fn get<R>(
        &self,
        hash: u64,
        key: &impl Lookup<K>,
        now: Time,
        used: bool,
        mut read: impl FnMut(&Pin, &V) -> R,
    ) -> Option<R> {
        let mut result = None;
        // SAFETY: a pair of this table.
        let mut matches = |pair: &AnyPair<'_>| key.matches(unsafe { &Self::typed(pair).key });
        let mut read = |pin: &Pin, pair: &AnyPair<'_>| {
            // SAFETY: as above.
            result = Some(read(pin, unsafe { &Self::typed(pair).value }));
        };
        self.raw.get(hash, &mut matches, now, used, &mut read);
        result
    }

    /// The same for a caller who is about to store something else: shows a fresh value, or says what is there and is not fresh.
    pub(crate) fn get_or_find<L: Seek<K, V>>(&self, hash: u64, now: Time, load: &mut L) -> Option<Ticket> {
        self.raw.get_or_find(hash, now, &mut Seeking(load, PhantomData))
    }

    /// The same where entries are of use beyond their time. `read` is told whether the value is past it; the ticket is
    /// given to the one who is to have it loaded anew.
    pub(crate) fn get_lingering<R>(
        &self,
        hash: u64,
        key: &impl Lookup<K>,
        now: Time,
        mut read: impl FnMut(&Pin, &V, bool) -> R,
    ) -> Option<(R, Option<Ticket>)> {
        let mut result = None;
        // SAFETY: a pair of this table.
        let mut matches = |pair: &AnyPair<'_>| key.matches(unsafe { &Self::typed(pair).key });
        let mut read = |pin: &Pin, pair: &AnyPair<'_>, old: bool| {
            // SAFETY: as above.
            result = Some(read(pin, unsafe { &Self::typed(pair).value }, old));
        };
        let ticket = self.raw.get_lingering(hash, &mut matches, now, &mut read);
        result.map(|result| (result, ticket))
    }

    /// The entry of a key, fresh or not: its ticket, until when it is fresh, and what `read` makes of its value. One that is
    /// outdated ended long ago.
    pub(crate) fn find<R>(
        &self,
        hash: u64,
        key: &impl Lookup<K>,
        mut read: impl FnMut(Time, &V) -> R,
    ) -> Option<(Ticket, R)> {
        let mut result = None;
        // SAFETY: a pair of this table.
        let mut matches = |pair: &AnyPair<'_>| key.matches(unsafe { &Self::typed(pair).key });
        let mut read = |until: Time, pair: &AnyPair<'_>| {
            // SAFETY: as above.
            result = Some(read(until, unsafe { &Self::typed(pair).value }));
        };
        let ticket = self.raw.find(hash, &mut matches, &mut read);
        ticket.zip(result)
    }

    /// What `read` makes of the value of an entry that has not ended.
    pub(crate) fn value_of<R>(
        &self,
        hash: u64,
        ticket: Ticket,
        now: Time,
        mut read: impl FnMut(&V) -> R,
    ) -> Option<R> {
        let mut result = None;
        // SAFETY: a pair of this table.
        let mut read = |pair: &AnyPair<'_>| result = Some(read(unsafe { &Self::typed(pair).value }));
        self.raw.show(hash, ticket, now, &mut read);
        result
    }

    /// Stores an entry in the place of another, and takes out what is too many. The caller is the only one that writes to
    /// this key, and knows that no entry has it but `replaced`.
    pub(crate) fn insert(&self, entry: Entry<K, V>, replaced: Option<Ticket>, now: Time) -> Inserted {
        let Entry { hash, key, value, times, weight, tags } = entry;
        let facts = Facts { hash, times, weight, tags };
        let mut pair = Packed::new(key, value);
        // SAFETY: it is of this table's types.
        unsafe { self.raw.insert(facts, pair.parcel(), replaced, now) }
    }

    /// The same of an entry of which there is no more to be known than what `aged` says, and nothing if it says nothing.
    pub(crate) fn insert_simple(
        &self,
        hash: u64,
        (key, value): (K, V),
        aged: Option<&Aged>,
        garbage: &mut Garbage,
    ) -> Change {
        let mut pair = Packed::new(key, value);
        // SAFETY: it is of this table's types.
        unsafe { self.raw.insert_simple(hash, pair.parcel(), aged, garbage) }
    }

    /// Shows every entry that has not ended to `matches`, and takes out those for which it says so.
    pub(crate) fn remove_if(&self, now: Time, mut matches: impl FnMut(&K, &V) -> bool) -> Removed {
        self.raw.remove_if(now, &mut |pair| {
            // SAFETY: a pair of this table.
            let pair = unsafe { Self::typed(pair) };
            matches(&pair.key, &pair.value)
        })
    }

    /// Shows every fresh entry, with nothing locked.
    pub(crate) fn for_each(&self, now: Time, mut show: impl FnMut(&K, &V)) {
        self.raw.for_each(now, &mut |pair| {
            // SAFETY: a pair of this table.
            let pair = unsafe { Self::typed(pair) };
            show(&pair.key, &pair.value);
        });
    }

    /// All keys and values.
    #[cfg(any(test, fuzzing))]
    #[cfg_attr(fuzzing, allow(dead_code, reason = "for the unit tests"))]
    pub(crate) fn entries(&self) -> Vec<(K, V)>
    where
        K: Clone,
        V: Clone,
    {
        let mut all = Vec::new();
        self.for_each(0, |key, value| all.push((key.clone(), value.clone())));
        all
    }
}
