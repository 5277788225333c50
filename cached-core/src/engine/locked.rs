//! The twin of the lock-free shelf: the same, with locks, and without anything `unsafe` that it would rely on.
//!
//! It takes the other's place under `--cfg cached_locks`: for platforms without 64-bit atomics that readers could do without
//! locks by, for tools that understand locks better, and to show in one benchmark what the other is worth. A reader
//! holds the lock while it takes hold of an entry, and not while it compares keys or clones a value.

use std::any::{Any, TypeId};
use std::marker::PhantomData;
use std::mem::needs_drop;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use hashbrown::HashTable;

use super::age::Times;
use super::order::Ticket;
use super::ranks::Kinds;
use super::slots::{FIRST, Slots, start_of};
use super::stamp::Stamp;
use crate::clock::Time;
use crate::epoch::Visit;
use crate::removal::RemovalCause;
use crate::sync::{Guard, Mutex, MutexGuard};
use crate::tags::Held as Tags;

/// A key and its value.
pub(crate) struct Pair<K, V> {
    pub(crate) key: K,
    pub(crate) value: V,
}

/// A pair of whatever types.
type Boxed = Box<dyn Any + Send + Sync>;

/// What is known of the pairs of a shelf.
pub(crate) struct Kind {
    needs_drop: bool,
    /// Which types they are of.
    id: fn() -> TypeId,
}

impl Kind {
    pub(crate) const fn of<K: Send + Sync + 'static, V: Send + Sync + 'static>() -> &'static Self {
        const { &Self { needs_drop: needs_drop::<Pair<K, V>>(), id: TypeId::of::<Pair<K, V>> } }
    }

    pub(crate) fn is<K: 'static, V: 'static>(&self) -> bool {
        (self.id)() == TypeId::of::<Pair<K, V>>()
    }

    /// Whether it matters that a pair is dropped.
    pub(crate) fn needs_drop(&self) -> bool {
        self.needs_drop
    }
}

/// A pair that may be looked at.
#[derive(Clone)]
pub(crate) struct AnyPair<'a> {
    cell: Arc<Cell>,
    _shelf: PhantomData<&'a ()>,
}

impl AnyPair<'_> {
    fn new(cell: Arc<Cell>) -> Self {
        Self { cell, _shelf: PhantomData }
    }

    /// The other shelf would take the caller's word for its types; this one looks.
    #[expect(unsafe_code, reason = "that of the other shelf is")]
    pub(crate) unsafe fn typed<K: 'static, V: 'static>(&self) -> &Pair<K, V> {
        self.cell.pair.downcast_ref().expect("a table has pairs of one type")
    }
}

/// A pair on its way onto a shelf.
pub(crate) struct Parcel<'a> {
    pair: Boxed,
    _pair: PhantomData<&'a ()>,
}

/// A pair that is to be handed over.
pub(crate) struct Packed<K, V>(Option<Pair<K, V>>);

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Packed<K, V> {
    pub(crate) const fn new(key: K, value: V) -> Self {
        Self(Some(Pair { key, value }))
    }

    /// Hands it over.
    #[expect(unsafe_code, reason = "that of the other shelf is")]
    pub(crate) unsafe fn parcel(&mut self) -> Parcel<'_> {
        let pair = self.0.take().expect("a pair is handed over once");
        Parcel { pair: Box::new(pair), _pair: PhantomData }
    }
}

/// What was removed: to be dropped with no lock held.
pub(crate) type Garbage = Vec<Arc<Cell>>;

/// The part of a hash that is kept, like the other shelf's.
pub(super) fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32 | 1
}

/// Nothing: an index changes in place.
pub(super) struct OldIndex;

/// An entry, as long as anybody has hold of it.
pub(crate) struct Cell {
    slot: u32,
    pair: Boxed,
    beside: Arc<Beside>,
}

#[derive(Default)]
struct Beside {
    deadline: AtomicU64,
    hard: AtomicU64,
    soft: AtomicU64,
    tries: AtomicU64,
    uses: AtomicU8,
    stamp: AtomicU64,
    tags: Option<Box<Tags>>,
}

impl Beside {
    fn is_current(&self) -> bool {
        self.tags.as_ref().is_none_or(|tags| tags.is_current())
    }

    /// The entry leaves.
    fn leave(&self) {
        self.tags.as_ref().inspect(|tags| tags.leave());
    }
}

/// Entries by slot, and slots by tag.
struct Shelved {
    index: HashTable<(u32, u32)>,
    cells: Vec<Option<Arc<Cell>>>,
}

/// See the module's words. `X` is what else the writers' lock protects.
pub(super) struct Shelf<X> {
    shelved: Mutex<Shelved>,
    kinds: Kinds,
    writers: Mutex<State<X>>,
}

struct State<X> {
    slots: Slots,
    beside: Vec<Arc<Beside>>,
    extra: X,
}

impl<X> Shelf<X> {
    pub(super) fn new(_kind: &'static Kind, kinds: Kinds, extra: X) -> Self {
        let shelved = Mutex::new(Shelved { index: HashTable::new(), cells: Vec::new() });
        let writers = Mutex::new(State { slots: Slots::new(kinds.listens), beside: Vec::new(), extra });
        Self { shelved, kinds, writers }
    }

    /// The entry whose pair `matches`, among those with this tag.
    pub(super) fn find(
        &self,
        _pin: &impl Visit,
        tag: u32,
        matches: &mut dyn FnMut(&AnyPair<'_>) -> bool,
    ) -> Option<Found<'_>> {
        // Nearly always the first is the only one.
        let first = AnyPair::new(self.candidates(tag, 1).pop()?);
        let pair = if matches(&first) {
            first
        } else {
            let all = self.candidates(tag, usize::MAX);
            all.into_iter().map(AnyPair::new).find(|pair| matches(pair))?
        };
        Some(Found { pair, kinds: self.kinds })
    }

    /// The same where the types are known.
    #[expect(unsafe_code, reason = "that of the other shelf is")]
    pub(super) unsafe fn find_typed<K: 'static, V: 'static>(
        &self,
        pin: &impl Visit,
        tag: u32,
        mut matches: impl FnMut(&K) -> bool,
    ) -> Option<Found<'_>> {
        // SAFETY: the caller's word, which is not relied on.
        self.find(pin, tag, &mut |pair| matches(unsafe { &pair.typed::<K, V>().key }))
    }

    /// Up to so many entries with this tag.
    fn candidates(&self, tag: u32, most: usize) -> Vec<Arc<Cell>> {
        let shelved = self.shelved.lock();
        let same = shelved.index.iter_hash(u64::from(tag)).filter(|(other, _)| *other == tag);
        let cells = same.filter_map(|(_, slot)| shelved.cells[(slot - FIRST) as usize].clone());
        cells.take(most).collect()
    }

    /// Becomes the writer.
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
        let cell = self.shelved.lock().cells[(slot - FIRST) as usize].clone()?;
        Some(Told { shelf: self, cell, cause })
    }
}

/// A removed entry that somebody is told of, with nothing locked. It rests when this is dropped.
pub(super) struct Told<'a, X> {
    shelf: &'a Shelf<X>,
    cell: Arc<Cell>,
    pub(super) cause: RemovalCause,
}

impl<X> Told<'_, X> {
    pub(super) fn pair(&self) -> AnyPair<'_> {
        AnyPair::new(Arc::clone(&self.cell))
    }
}

impl<X> Drop for Told<'_, X> {
    fn drop(&mut self) {
        self.shelf.write().state.slots.told();
    }
}

/// An entry that a reader has found.
pub(super) struct Found<'a> {
    pair: AnyPair<'a>,
    kinds: Kinds,
}

impl Found<'_> {
    pub(super) fn slot(&self) -> u32 {
        self.pair.cell.slot
    }

    pub(super) fn pair(&self) -> &AnyPair<'_> {
        &self.pair
    }

    /// When the entry ends.
    pub(super) fn deadline(&self) -> Option<&AtomicU64> {
        self.kinds.deadlines.then_some(&self.pair.cell.beside.deadline)
    }

    /// How often it was used, or in which generation that was told.
    pub(super) fn uses(&self) -> Option<&AtomicU8> {
        self.kinds.uses.then_some(&self.pair.cell.beside.uses)
    }

    /// Beyond which time no use prolongs its life.
    pub(super) fn hard(&self) -> Option<&AtomicU64> {
        self.kinds.hards.then_some(&self.pair.cell.beside.hard)
    }

    /// From when on it is to be loaded anew.
    pub(super) fn soft(&self) -> Option<&AtomicU64> {
        self.kinds.softs.then_some(&self.pair.cell.beside.soft)
    }

    /// Before when that is not to be tried again.
    pub(super) fn tries(&self) -> Option<&AtomicU64> {
        self.kinds.tries.then_some(&self.pair.cell.beside.tries)
    }

    /// Whether none of its tags has been invalidated.
    pub(super) fn is_current(&self) -> bool {
        self.pair.cell.beside.is_current()
    }

    /// When it was last used.
    pub(super) fn stamp(&self) -> Option<&AtomicU64> {
        self.kinds.stamps.then_some(&self.pair.cell.beside.stamp)
    }
}

/// The live slots of a shelf and the numbers beside them, as its writer sees them.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    slots: &'a Slots,
    beside: &'a [Arc<Beside>],
    kinds: Kinds,
}

impl<'a> View<'a> {
    pub(super) fn slots(&self) -> &'a Slots {
        self.slots
    }

    fn live(&self, ticket: Ticket) -> Option<&'a Beside> {
        self.slots.is_live(ticket).then(|| &*self.beside[(ticket.slot - FIRST) as usize])
    }

    /// The deadline of the entry that a ticket was given to.
    pub(super) fn deadline(&self, ticket: Ticket) -> Option<Time> {
        let beside = self.live(ticket).filter(|_| self.kinds.deadlines)?;
        Some(beside.deadline.load(Ordering::Relaxed))
    }

    /// The last use of the entry that a ticket was given to.
    pub(super) fn stamp(&self, ticket: Ticket) -> Option<Stamp> {
        self.live(ticket).filter(|_| self.kinds.stamps).map(|beside| beside.stamp.load(Ordering::Relaxed))
    }

    /// Whether the entry that a ticket was given to is here and has lost no tag.
    pub(super) fn is_current(&self, ticket: Ticket) -> bool {
        self.live(ticket).is_some_and(Beside::is_current)
    }

    /// Before when an entry is not to be loaded anew again.
    pub(super) fn tries(&self, ticket: Ticket) -> Option<&'a AtomicU64> {
        self.live(ticket).filter(|_| self.kinds.tries).map(|beside| &beside.tries)
    }

    pub(super) fn set_stamp(&self, ticket: Ticket, stamp: Stamp) {
        self.live(ticket).inspect(|beside| beside.stamp.store(stamp, Ordering::Relaxed));
    }

    /// Takes the uses of a live slot.
    pub(super) fn take_uses(&self, slot: u32) -> u8 {
        let beside = self.slots.ticket(slot).and_then(|ticket| self.live(ticket));
        beside.map_or(0, |beside| beside.uses.swap(0, Ordering::Relaxed))
    }

    pub(super) fn set_uses(&self, slot: u32, uses: u8) {
        let beside = self.slots.ticket(slot).and_then(|ticket| self.live(ticket));
        beside.inspect(|beside| beside.uses.store(uses, Ordering::Relaxed));
    }
}

/// The one writer of a shelf, for as long as this lives.
pub(super) struct Write<'a, X> {
    shelf: &'a Shelf<X>,
    state: Guard<MutexGuard<'a, State<X>>>,
}

impl<X> Deref for Write<'_, X> {
    type Target = Slots;

    fn deref(&self) -> &Slots {
        &self.state.slots
    }
}

impl<X> Write<'_, X> {
    /// What else the lock protects, and the entries to look at meanwhile.
    pub(super) fn split(&mut self) -> (View<'_>, &mut X) {
        let State { slots, beside, extra } = &mut *self.state;
        (View { slots, beside, kinds: self.shelf.kinds }, extra)
    }

    /// Puts a pair on the shelf, in the place of `replaced` (which is live and has the same key). Its uses are zero.
    #[expect(unsafe_code, reason = "that of the other shelf is")]
    pub(super) unsafe fn insert(
        &mut self,
        tag: u32,
        pair: Parcel<'_>,
        times: &Times,
        tags: Option<Box<Tags>>,
        replaced: Option<(u32, RemovalCause)>,
    ) -> Ticket {
        let state = &mut *self.state;
        let (ticket, _) = state.slots.take(tag);
        let (slot, at) = (ticket.slot, (ticket.slot - FIRST) as usize);
        tags.as_ref().inspect(|tags| tags.enter());
        let beside = Arc::new(Beside {
            tags,
            deadline: AtomicU64::new(times.deadline),
            hard: AtomicU64::new(times.hard),
            soft: AtomicU64::new(times.soft),
            ..Beside::default()
        });
        let len = state.beside.len().max(at + 1);
        state.beside.resize_with(len, Arc::default);
        state.beside[at] = Arc::clone(&beside);
        let mut shelved = self.shelf.shelved.lock();
        if let Some((old, cause)) = replaced {
            shelved.take_out(tag, old);
            state.beside[(old - FIRST) as usize].leave();
            state.slots.rest(old, cause);
        }
        shelved.cells.resize_with(len, || None);
        shelved.cells[at] = Some(Arc::new(Cell { slot, pair: pair.pair, beside }));
        shelved.index.insert_unique(u64::from(tag), (tag, slot), |(tag, _)| u64::from(*tag));
        ticket
    }

    /// Takes a live entry off the shelf. It comes back from [`collect`](Self::collect).
    pub(super) fn remove(&mut self, slot: u32, cause: RemovalCause) {
        self.shelf.shelved.lock().take_out(self.tag(slot), slot);
        self.state.beside[(slot - FIRST) as usize].leave();
        self.state.slots.rest(slot, cause);
    }

    /// Takes everything off the shelf.
    pub(super) fn clear(&mut self, cause: impl Fn(&View<'_>, Ticket) -> RemovalCause) {
        let live: Vec<_> = self.state.slots.tickets(0).collect();
        for ticket in live {
            let cause = if self.listens() { cause(&self.split().0, ticket) } else { RemovalCause::Explicit };
            self.state.beside[(ticket.slot - FIRST) as usize].leave();
            self.state.slots.rest(ticket.slot, cause);
        }
        self.shelf.shelved.lock().index = HashTable::new();
    }

    /// What was removed, once at least `batch` entries have come together.
    #[must_use = "what was removed is dropped with no lock held"]
    pub(super) fn collect(&mut self, batch: usize) -> Garbage {
        let mut garbage = Garbage::new();
        self.collect_into(batch, &mut garbage);
        garbage
    }

    /// The same, added to other garbage.
    pub(super) fn collect_into(&mut self, batch: usize, garbage: &mut Garbage) {
        let state = &mut *self.state;
        state.slots.ask(batch);
        let mut shelved = self.shelf.shelved.lock();
        let mut free = |slots: &mut Slots, slot: u32| {
            garbage.extend(shelved.cells[(slot - FIRST) as usize].take());
            if self.shelf.kinds.tags {
                state.beside[(slot - FIRST) as usize] = Arc::default();
            }
            slots.free(slot);
        };
        while let Some(slot) = state.slots.unseen() {
            free(&mut state.slots, slot);
        }
        while let Some(freed) = state.slots.rested() {
            freed.iter().for_each(|slot| free(&mut state.slots, *slot));
            state.slots.recycle(freed);
        }
        while let Some(chunk) = state.slots.give_back() {
            let len = (start_of(chunk) - FIRST) as usize;
            shelved.cells.truncate(len);
            shelved.cells.shrink_to_fit();
            state.beside.truncate(len);
            state.beside.shrink_to_fit();
        }
    }

    /// The entry that a ticket was given to.
    pub(super) fn pair<'p>(&self, _pin: &'p impl Visit, ticket: Ticket) -> Option<AnyPair<'p>> {
        let cells = &self.shelf.shelved.lock().cells;
        let cell = cells.get((ticket.slot - FIRST) as usize).filter(|_| self.is_live(ticket))?;
        cell.clone().map(AnyPair::new)
    }

    /// What slots memory is held for.
    #[cfg(any(test, fuzzing))]
    pub(super) fn capacity(&self) -> usize {
        self.shelf.shelved.lock().cells.capacity()
    }

    #[cfg(any(test, fuzzing, debug_assertions))]
    pub(super) fn assert_valid(&self) {
        self.state.slots.assert_valid();
        let shelved = self.shelf.shelved.lock();
        assert_eq!(shelved.index.len(), self.live());
        for ticket in self.tickets(0) {
            let wanted = (self.tag(ticket.slot), ticket.slot);
            assert!(shelved.index.find(u64::from(wanted.0), |found| *found == wanted).is_some());
            assert!(shelved.cells[(ticket.slot - FIRST) as usize].is_some());
        }
    }
}

impl Shelved {
    fn take_out(&mut self, tag: u32, slot: u32) {
        if let Ok(found) = self.index.find_entry(u64::from(tag), |found| *found == (tag, slot)) {
            found.remove();
        }
    }
}
