//! Entries where readers find them without a lock, and where one writer at a time puts them.
//!
//! A slot is free, then live, then resting, then free again. While it is live its number stands in the [`Index`]; when
//! it rests, readers that found it before may still look at its pair. Only after a [grace period](crate::epoch) is the
//! pair taken out, and handed to whoever holds the lock then, to be dropped when it no longer does.
//!
//! There are two faces: [`Shelf::find`] for readers, which wants a [`Visit`], and [`Write`] for writers, which holds the
//! lock.

#![expect(unsafe_code, reason = "a hit that takes no lock is worth it: see the benchmarks")]
#![expect(clippy::cast_possible_truncation, reason = "a slot has 32 bits, and so has either half of a word")]

use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicPtr, AtomicU8, AtomicU64, Ordering};

use super::age::Times;
use super::order::Ticket;
use super::ranks::Kinds;
use super::slots::Slots;
use crate::epoch::Visit;
use crate::removal::RemovalCause;
use crate::sync::{Guard, Mutex, MutexGuard};
use crate::tags::Held;

mod index;
mod lane;
mod numbers;
mod pair;

use index::Index;
pub(super) use index::tag;
use lane::Bytes;
use numbers::Numbers;
pub(super) use numbers::View;
pub(crate) use pair::{AnyPair, Garbage, Kind, Packed, Pair, Parcel};

/// See the module's words. `X` is what else the writers' lock protects. Any thread may have one, as there is no [`Kind`] but of pairs
/// that any thread may use and drop.
pub(super) struct Shelf<X> {
    index: AtomicPtr<Index>,
    pairs: Bytes,
    kind: &'static Kind,
    numbers: Numbers,
    writers: Mutex<State<X>>,
}

struct State<X> {
    slots: Slots,
    /// Words of the index that are not empty.
    used_words: usize,
    extra: X,
}

impl<X> Shelf<X> {
    pub(super) fn new(kind: &'static Kind, kinds: Kinds, extra: X) -> Self {
        Self {
            index: AtomicPtr::new(Box::into_raw(Box::new(Index::with_room(0)))),
            pairs: Bytes::new(kind.layout),
            kind,
            numbers: Numbers::new(kinds),
            writers: Mutex::new(State { slots: Slots::new(kinds.listens), used_words: 0, extra }),
        }
    }

    /// The entry whose pair `matches`, among those with this tag. Wait-free but for `matches`, which is user code.
    pub(super) fn find<'a>(
        &'a self,
        pin: &'a impl Visit,
        tag: u32,
        matches: &mut dyn FnMut(&AnyPair<'_>) -> bool,
    ) -> Option<Found<'a>> {
        // SAFETY: the slot was found, so that its chunk is there.
        self.search(pin, tag, |slot| unsafe { self.pairs.place(slot) }, matches)
    }

    /// The same where the types are known: as short as it can be.
    ///
    /// # Safety
    /// The shelf's pairs are of these types.
    #[inline(always)]
    pub(super) unsafe fn find_typed<'a, K, V>(
        &'a self,
        pin: &'a impl Visit,
        tag: u32,
        mut matches: impl FnMut(&K) -> bool,
    ) -> Option<Found<'a>> {
        // SAFETY: as above, and the caller's word.
        let place = |slot| unsafe { self.pairs.place_of::<Pair<K, V>>(slot) };
        // SAFETY: the caller's word.
        self.search(pin, tag, place, |pair| matches(unsafe { &pair.typed::<K, V>().key }))
    }

    #[inline(always)]
    fn search<'a, T>(
        &'a self,
        _pin: &'a impl Visit,
        tag: u32,
        place: impl Fn(u32) -> NonNull<T>,
        mut matches: impl FnMut(&AnyPair<'_>) -> bool,
    ) -> Option<Found<'a>> {
        // SAFETY: an index that was replaced is freed a grace period later, and the pin holds that up.
        let index = unsafe { &*self.index.load(Ordering::Acquire) };
        for slot in index.probe(tag) {
            // SAFETY: this thread found the slot's number in the index while pinned: see `pair`.
            let pair = unsafe { AnyPair::new(place(slot)) };
            if matches(&pair) {
                return Some(Found { numbers: &self.numbers, slot, pair });
            }
        }
        None
    }

    /// # Safety
    /// The slot is live, or it was when this thread found it, and has been pinned since.
    unsafe fn pair(&self, slot: u32) -> AnyPair<'_> {
        // SAFETY: a pair is written before its slot's number is released into the index, and stays until a grace period after
        // the number was taken out. Its chunk outlives it.
        unsafe { AnyPair::new(self.pairs.place(slot)) }
    }

    /// Takes the pair of a slot, and its tags.
    ///
    /// # Safety
    /// The slot was live, nobody looks at it any more, and nobody takes from it again.
    unsafe fn take(&self, slot: u32, garbage: &mut Garbage) {
        // SAFETY: the caller's word.
        unsafe { garbage.take(self.pairs.place(slot), self.kind, self.numbers.take_tags(slot)) };
    }

    /// Whether it matters that what was removed is dropped.
    fn needs_drop(&self) -> bool {
        self.kind.needs_drop() || self.numbers.are_tagged()
    }

    /// Becomes the writer.
    #[inline]
    pub(super) fn write(&self) -> Write<'_, X> {
        Write { shelf: self, state: self.writers.lock() }
    }

    /// Becomes the writer, if nobody else is.
    pub(super) fn try_write(&self) -> Option<Write<'_, X>> {
        Some(Write { shelf: self, state: self.writers.try_lock()? })
    }
}

impl<X> Shelf<X> {
    /// The next removal that somebody is to be told of.
    pub(super) fn tell(&self) -> Option<Told<'_, X>> {
        let (slot, cause) = self.write().state.slots.tell()?;
        Some(Told { shelf: self, slot, cause })
    }
}

/// A removed entry that somebody is told of, with nothing locked. It rests when this is dropped.
pub(super) struct Told<'a, X> {
    shelf: &'a Shelf<X>,
    slot: u32,
    pub(super) cause: RemovalCause,
}

impl<X> Told<'_, X> {
    pub(super) fn pair(&self) -> AnyPair<'_> {
        // SAFETY: the slot was live, and rests only when this is dropped.
        unsafe { self.shelf.pair(self.slot) }
    }
}

impl<X> Drop for Told<'_, X> {
    fn drop(&mut self) {
        self.shelf.write().state.slots.told();
    }
}

impl<X> Drop for Shelf<X> {
    fn drop(&mut self) {
        let mut garbage = Garbage::new();
        if self.needs_drop() {
            let state = self.writers.lock();
            let live = state.slots.tickets(0).map(|ticket| ticket.slot);
            for slot in live.chain(state.slots.resting()) {
                // SAFETY: nobody else has this shelf, and a slot that is live or rests holds a pair, which is read here once.
                unsafe { self.take(slot, &mut garbage) };
            }
        }
        // SAFETY: made by `Box::into_raw`, and nobody reads any more.
        drop(unsafe { Box::from_raw(*self.index.get_mut()) });
        drop(garbage);
    }
}

/// An index that was replaced. It is no `Box`: readers may still look at it while it waits to be freed.
pub(super) struct OldIndex(*mut Index);

// SAFETY: an index may be freed on any thread.
unsafe impl Send for OldIndex {}

impl Drop for OldIndex {
    fn drop(&mut self) {
        // SAFETY: made by `Box::into_raw`, and taken out of its shelf a grace period ago, or with the shelf itself.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

/// An entry that a reader has found, while it is pinned.
pub(super) struct Found<'a> {
    numbers: &'a Numbers,
    slot: u32,
    pair: AnyPair<'a>,
}

impl Found<'_> {
    #[inline]
    pub(super) fn slot(&self) -> u32 {
        self.slot
    }

    #[inline]
    pub(super) fn pair(&self) -> &AnyPair<'_> {
        &self.pair
    }

    /// When the entry ends.
    #[inline]
    pub(super) fn deadline(&self) -> Option<&AtomicU64> {
        // SAFETY: the pair is in its chunk, and chunks come and go in all lanes together.
        unsafe { self.numbers.deadline(self.slot) }
    }

    /// How often it was used, or in which generation that was told.
    #[inline]
    pub(super) fn uses(&self) -> Option<&AtomicU8> {
        // SAFETY: as above.
        unsafe { self.numbers.uses(self.slot) }
    }

    /// Beyond which time no use prolongs its life.
    #[inline]
    pub(super) fn hard(&self) -> Option<&AtomicU64> {
        // SAFETY: as above.
        unsafe { self.numbers.hard(self.slot) }
    }

    /// From when on it is to be loaded anew.
    #[inline]
    pub(super) fn soft(&self) -> Option<&AtomicU64> {
        // SAFETY: as above.
        unsafe { self.numbers.soft(self.slot) }
    }

    /// Before when that is not to be tried again.
    #[inline]
    pub(super) fn tries(&self) -> Option<&AtomicU64> {
        // SAFETY: as above.
        unsafe { self.numbers.tries(self.slot) }
    }

    /// Whether none of its tags has been invalidated.
    #[inline]
    pub(super) fn is_current(&self) -> bool {
        // SAFETY: as above; and what a slot owns is taken a grace period after readers could find it.
        unsafe { self.numbers.tags(self.slot) }.is_none_or(Held::is_current)
    }

    /// When it was last used.
    #[inline]
    pub(super) fn stamp(&self) -> Option<&AtomicU64> {
        // SAFETY: as above.
        unsafe { self.numbers.stamp(self.slot) }
    }
}

/// The one writer of a shelf, for as long as this lives.
pub(super) struct Write<'a, X> {
    shelf: &'a Shelf<X>,
    state: Guard<MutexGuard<'a, State<X>>>,
}

impl<X> Deref for Write<'_, X> {
    type Target = Slots;

    #[inline]
    fn deref(&self) -> &Slots {
        &self.state.slots
    }
}

impl<'a, X> Write<'a, X> {
    /// What else the lock protects, and the entries to look at meanwhile.
    #[inline]
    pub(super) fn split(&mut self) -> (View<'_>, &mut X) {
        let State { slots, extra, .. } = &mut *self.state;
        // SAFETY: chunks come and go by this writer alone, which is borrowed.
        (unsafe { View::new(slots, &self.shelf.numbers) }, extra)
    }

    /// Puts a pair on the shelf, in the place of `replaced` (which is live and has the same key). Its uses are zero.
    ///
    /// # Safety
    /// The pair is of the shelf's kind.
    #[inline(always)]
    pub(super) unsafe fn insert(
        &mut self,
        tag: u32,
        pair: Parcel<'_>,
        times: &Times,
        tags: Option<Box<Held>>,
        replaced: Option<(u32, RemovalCause)>,
    ) -> Ticket {
        let shelf = self.shelf;
        let (ticket, new_chunk) = self.state.slots.take(tag);
        if let Some(chunk) = new_chunk {
            shelf.pairs.add(chunk);
            shelf.numbers.add(chunk);
        }
        let slot = ticket.slot;
        // SAFETY: the slot was free, so that no reader has a way to it and its place holds nothing; its chunk is there.
        unsafe {
            pair.put(shelf.pairs.place(slot), shelf.kind);
            shelf.numbers.set_times(slot, times);
            tags.as_ref().inspect(|tags| tags.enter());
            shelf.numbers.set_tags(slot, tags);
            shelf.numbers.uses(slot).inspect(|number| number.store(0, Ordering::Relaxed));
            shelf.numbers.stamp(slot).inspect(|number| number.store(0, Ordering::Relaxed));
        }
        match replaced {
            Some((old, cause)) if self.index().replace(tag, old, slot) => self.rest(old, cause),
            _ => self.enter(tag, slot),
        }
        ticket
    }

    /// Takes a live entry off the shelf. Its pair comes back from [`collect`](Self::collect).
    #[inline]
    pub(super) fn remove(&mut self, slot: u32, cause: RemovalCause) {
        let cleared = self.index().remove(self.tag(slot), slot).expect("a live slot is in the index");
        self.state.used_words -= cleared;
        self.rest(slot, cause);
        let (live, capacity) = (self.live(), self.index().capacity());
        if capacity > 64 && live < capacity / 16 {
            self.rebuild(live);
        }
    }

    /// An entry that nobody finds from here on.
    fn rest(&mut self, slot: u32, cause: RemovalCause) {
        self.leave(slot);
        self.state.slots.rest(slot, cause);
    }

    /// Its tags have an entry less.
    fn leave(&self, slot: u32) {
        // SAFETY: the slot is live, and what it owns is taken by this writer alone.
        unsafe { self.shelf.numbers.tags(slot) }.inspect(|tags| tags.leave());
    }

    /// Takes everything off the shelf.
    pub(super) fn clear(&mut self, cause: impl Fn(&View<'_>, Ticket) -> RemovalCause) {
        let live: Vec<_> = self.state.slots.tickets(0).collect();
        for ticket in live {
            let cause = if self.listens() { cause(&self.split().0, ticket) } else { RemovalCause::Explicit };
            self.rest(ticket.slot, cause);
        }
        self.state.used_words = 0;
        self.set_index(Index::with_room(0));
    }

    /// What nobody sees any more. Waits for nobody: what readers may still see comes back another time. Readers are asked once
    /// at least `batch` removed entries have come together.
    #[must_use = "what was removed is dropped with no lock held"]
    pub(super) fn collect(&mut self, batch: usize) -> Garbage {
        let mut garbage = Garbage::new();
        self.collect_into(batch, &mut garbage);
        garbage
    }

    /// The same, added to other garbage.
    pub(super) fn collect_into(&mut self, batch: usize, garbage: &mut Garbage) {
        self.state.slots.ask(batch);
        while let Some(slot) = self.state.slots.unseen() {
            // SAFETY: nobody reads, and the slot was taken off the shelf: it is free from here on.
            unsafe { self.free(slot, garbage) };
        }
        while let Some(freed) = self.state.slots.rested() {
            for &slot in &freed {
                // SAFETY: the slot rested for a grace period, so that no reader sees it, and is free from here on.
                unsafe { self.free(slot, garbage) };
            }
            self.state.slots.recycle(freed);
        }
        while let Some(chunk) = self.state.slots.give_back() {
            // SAFETY: all slots of the chunk are free: no reader has a way to them.
            unsafe {
                self.shelf.pairs.remove(chunk);
                self.shelf.numbers.remove(chunk);
            }
        }
    }

    /// Makes a slot free, whose pair becomes garbage.
    ///
    /// # Safety
    /// As for [`Shelf::take`].
    #[inline]
    unsafe fn free(&mut self, slot: u32, garbage: &mut Garbage) {
        if self.shelf.needs_drop() {
            // SAFETY: the caller's word.
            unsafe { self.shelf.take(slot, garbage) };
        }
        self.state.slots.free(slot);
    }

    /// The pair of the entry that a ticket was given to.
    pub(super) fn pair<'p>(&self, _pin: &'p impl Visit, ticket: Ticket) -> Option<AnyPair<'p>>
    where
        'a: 'p,
    {
        let shelf = self.shelf;
        // SAFETY: the slot is live, and this thread pinned.
        self.is_live(ticket).then(|| unsafe { shelf.pair(ticket.slot) })
    }

    /// Enters a new slot into the index, which grows where it [is full](Index::is_full_with).
    #[inline]
    fn enter(&mut self, tag: u32, slot: u32) {
        if self.index().is_full_with(self.state.used_words + 1) {
            self.rebuild(self.live());
        }
        let fresh = loop {
            match self.index().insert(tag, slot) {
                Some(fresh) => break fresh,
                None => {
                    let (new, used) = self.index().lengthened();
                    self.state.used_words = used;
                    self.set_index(new);
                }
            }
        };
        self.state.used_words += usize::from(fresh);
    }

    fn index(&self) -> &Index {
        // SAFETY: only a writer replaces it, and this is the one.
        unsafe { &*self.shelf.index.load(Ordering::Relaxed) }
    }

    fn rebuild(&mut self, room: usize) {
        let (new, used) = self.index().rebuilt(room);
        self.state.used_words = used;
        self.set_index(new);
    }

    fn set_index(&mut self, new: Index) {
        let old = self.shelf.index.swap(Box::into_raw(Box::new(new)), Ordering::AcqRel);
        self.state.slots.retire(OldIndex(old));
    }

    /// The larger of what slots and places memory is held for.
    #[cfg(any(test, fuzzing))]
    pub(super) fn capacity(&self) -> usize {
        self.end().max(self.index().capacity())
    }

    #[cfg(any(test, fuzzing, debug_assertions))]
    pub(super) fn assert_valid(&self) {
        self.state.slots.assert_valid();
        for ticket in self.tickets(0) {
            let found = self.index().probe(self.tag(ticket.slot)).filter(|slot| *slot == ticket.slot).count();
            assert_eq!(found, 1, "each live slot is in the index once");
        }
        assert!(!self.index().is_full_with(self.state.used_words));
        assert!(self.state.used_words >= self.live());
    }
}
