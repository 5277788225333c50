//! Numbers beside the entries of a shelf, each kind in a lane of its own and only where a cache needs it. And their tags.

use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU8, AtomicU64, Ordering};

use super::lane::Lane;
use crate::clock::Time;
use crate::engine::age::Times;
use crate::engine::order::Ticket;
use crate::engine::ranks::Kinds;
use crate::engine::slots::Slots;
use crate::engine::stamp::Stamp;
use crate::tags::Held;

/// See the module's words.
pub(in crate::engine) struct Numbers {
    /// When an entry ends.
    deadlines: Option<Box<Lane<AtomicU64>>>,
    /// When it was used last.
    stamps: Option<Box<Lane<AtomicU64>>>,
    /// How often it was used, or in which generation that was told.
    uses: Option<Box<Lane<AtomicU8>>>,
    /// Beyond which time no use prolongs its life.
    hards: Option<Box<Lane<AtomicU64>>>,
    /// From when on it is to be loaded anew.
    softs: Option<Box<Lane<AtomicU64>>>,
    /// Before when that is not to be tried again.
    tries: Option<Box<Lane<AtomicU64>>>,
    /// What its tags are; null for one without. A slot that is live or rests owns them.
    tags: Option<Box<Lane<AtomicPtr<Held>>>>,
}

impl Numbers {
    #[inline]
    pub(in crate::engine) fn new(kinds: Kinds) -> Self {
        Self {
            deadlines: kinds.deadlines.then(|| Box::new(Lane::new())),
            stamps: kinds.stamps.then(|| Box::new(Lane::new())),
            uses: kinds.uses.then(|| Box::new(Lane::new())),
            hards: kinds.hards.then(|| Box::new(Lane::new())),
            softs: kinds.softs.then(|| Box::new(Lane::new())),
            tries: kinds.tries.then(|| Box::new(Lane::new())),
            tags: kinds.tags.then(|| Box::new(Lane::new())),
        }
    }

    pub(in crate::engine) fn add(&self, chunk: usize) {
        self.deadlines.as_ref().inspect(|lane| lane.add(chunk));
        self.stamps.as_ref().inspect(|lane| lane.add(chunk));
        self.uses.as_ref().inspect(|lane| lane.add(chunk));
        self.hards.as_ref().inspect(|lane| lane.add(chunk));
        self.softs.as_ref().inspect(|lane| lane.add(chunk));
        self.tries.as_ref().inspect(|lane| lane.add(chunk));
        self.tags.as_ref().inspect(|lane| lane.add(chunk));
    }

    /// # Safety
    /// As for [`Lane::remove`].
    pub(in crate::engine) unsafe fn remove(&self, chunk: usize) {
        // SAFETY: the caller's word.
        unsafe {
            self.deadlines.as_ref().inspect(|lane| lane.remove(chunk));
            self.stamps.as_ref().inspect(|lane| lane.remove(chunk));
            self.uses.as_ref().inspect(|lane| lane.remove(chunk));
            self.hards.as_ref().inspect(|lane| lane.remove(chunk));
            self.softs.as_ref().inspect(|lane| lane.remove(chunk));
            self.tries.as_ref().inspect(|lane| lane.remove(chunk));
            self.tags.as_ref().inspect(|lane| lane.remove(chunk));
        }
    }

    /// # Safety
    /// As for [`Lane::get`].
    #[inline]
    pub(in crate::engine) unsafe fn deadline(&self, slot: u32) -> Option<&AtomicU64> {
        // SAFETY: the caller's word.
        self.deadlines.as_ref().map(|lane| unsafe { lane.get(slot) })
    }

    /// # Safety
    /// As for [`Lane::get`].
    #[inline]
    pub(in crate::engine) unsafe fn hard(&self, slot: u32) -> Option<&AtomicU64> {
        // SAFETY: the caller's word.
        self.hards.as_ref().map(|lane| unsafe { lane.get(slot) })
    }

    /// # Safety
    /// As for [`Lane::get`].
    #[inline]
    pub(in crate::engine) unsafe fn soft(&self, slot: u32) -> Option<&AtomicU64> {
        // SAFETY: the caller's word.
        self.softs.as_ref().map(|lane| unsafe { lane.get(slot) })
    }

    /// # Safety
    /// As for [`Lane::get`].
    #[inline]
    pub(in crate::engine) unsafe fn tries(&self, slot: u32) -> Option<&AtomicU64> {
        // SAFETY: the caller's word.
        self.tries.as_ref().map(|lane| unsafe { lane.get(slot) })
    }

    /// Whether entries may have tags.
    pub(in crate::engine) fn are_tagged(&self) -> bool {
        self.tags.is_some()
    }

    /// The tags of an entry that is live or rests.
    ///
    /// # Safety
    /// As for [`Lane::get`]; and the slot's tags are not [taken](Self::take_tags) as long as the reference is used.
    #[inline]
    pub(in crate::engine) unsafe fn tags(&self, slot: u32) -> Option<&Held> {
        // SAFETY: the caller's word; the pointer is null or owned by the slot.
        self.tags.as_ref().and_then(|lane| unsafe { lane.get(slot).load(Ordering::Acquire).as_ref() })
    }

    /// Gives tags to a slot that is to be live.
    ///
    /// # Safety
    /// As for [`Lane::get`]; and the slot has none.
    #[inline]
    pub(in crate::engine) unsafe fn set_tags(&self, slot: u32, held: Option<Box<Held>>) {
        if let Some(lane) = &self.tags {
            let held = held.map_or(ptr::null_mut(), Box::into_raw);
            // SAFETY: the caller's word.
            unsafe { lane.get(slot) }.store(held, Ordering::Release);
        }
    }

    /// Takes the tags of a slot that has rested.
    ///
    /// # Safety
    /// As for [`Lane::get`]; and nobody looks at the slot's tags any more.
    pub(in crate::engine) unsafe fn take_tags(&self, slot: u32) -> Option<Box<Held>> {
        // SAFETY: the caller's word.
        let held = unsafe { self.tags.as_ref()?.get(slot) }.swap(ptr::null_mut(), Ordering::Acquire);
        // SAFETY: made by `Box::into_raw`, and taken once.
        (!held.is_null()).then(|| unsafe { Box::from_raw(held) })
    }

    /// Notes when an entry ends, as far as that matters here.
    ///
    /// # Safety
    /// As for [`Lane::get`].
    #[inline]
    pub(in crate::engine) unsafe fn set_times(&self, slot: u32, times: &Times) {
        // SAFETY: the caller's word.
        unsafe {
            self.deadline(slot).inspect(|number| number.store(times.deadline, Ordering::Relaxed));
            self.hard(slot).inspect(|number| number.store(times.hard, Ordering::Relaxed));
            self.soft(slot).inspect(|number| number.store(times.soft, Ordering::Relaxed));
            self.tries(slot).inspect(|number| number.store(0, Ordering::Relaxed));
        }
    }

    /// # Safety
    /// As for [`Lane::get`].
    #[inline]
    pub(in crate::engine) unsafe fn stamp(&self, slot: u32) -> Option<&AtomicU64> {
        // SAFETY: the caller's word.
        self.stamps.as_ref().map(|lane| unsafe { lane.get(slot) })
    }

    /// # Safety
    /// As for [`Lane::get`].
    #[inline]
    pub(in crate::engine) unsafe fn uses(&self, slot: u32) -> Option<&AtomicU8> {
        // SAFETY: the caller's word.
        self.uses.as_ref().map(|lane| unsafe { lane.get(slot) })
    }
}

/// The live slots of a shelf and the numbers beside them, as its writer sees them.
#[derive(Clone, Copy)]
pub(in crate::engine) struct View<'a> {
    slots: &'a Slots,
    numbers: &'a Numbers,
}

impl<'a> View<'a> {
    /// # Safety
    /// The chunks of all slots are there, in all lanes, and stay while this lives.
    #[inline]
    pub(in crate::engine) unsafe fn new(slots: &'a Slots, numbers: &'a Numbers) -> Self {
        Self { slots, numbers }
    }

    #[inline]
    pub(in crate::engine) fn slots(&self) -> &'a Slots {
        self.slots
    }

    /// The deadline of the entry that a ticket was given to.
    #[inline]
    pub(in crate::engine) fn deadline(&self, ticket: Ticket) -> Option<Time> {
        // SAFETY: a live slot is in a chunk.
        let deadline = unsafe { self.live(ticket)?.numbers.deadline(ticket.slot) };
        deadline.map(|deadline| deadline.load(Ordering::Relaxed))
    }

    /// Whether the entry that a ticket was given to is here and has lost no tag.
    #[inline]
    pub(in crate::engine) fn is_current(&self, ticket: Ticket) -> bool {
        // SAFETY: a live slot is in a chunk, and keeps its tags while the writer is borrowed.
        self.live(ticket)
            .is_some_and(|live| unsafe { live.numbers.tags(ticket.slot) }.is_none_or(Held::is_current))
    }

    /// When the entry that a ticket was given to may be loaded anew.
    pub(in crate::engine) fn tries(&self, ticket: Ticket) -> Option<&'a AtomicU64> {
        // SAFETY: a live slot is in a chunk.
        unsafe { self.live(ticket)?.numbers.tries(ticket.slot) }
    }

    /// The last use of the entry that a ticket was given to.
    #[inline]
    pub(in crate::engine) fn stamp(&self, ticket: Ticket) -> Option<Stamp> {
        // SAFETY: a live slot is in a chunk.
        let stamp = unsafe { self.live(ticket)?.numbers.stamp(ticket.slot) };
        stamp.map(|stamp| stamp.load(Ordering::Relaxed))
    }

    #[inline]
    pub(in crate::engine) fn set_stamp(&self, ticket: Ticket, stamp: Stamp) {
        // SAFETY: a live slot is in a chunk.
        let own = self.live(ticket).and_then(|live| unsafe { live.numbers.stamp(ticket.slot) });
        own.inspect(|own| own.store(stamp, Ordering::Relaxed));
    }

    /// Takes the uses of a live slot. What a reader counts in between may be lost.
    #[inline]
    pub(in crate::engine) fn take_uses(&self, slot: u32) -> u8 {
        let uses = self.uses(slot).map_or(0, |uses| uses.load(Ordering::Relaxed));
        if uses != 0 {
            self.set_uses(slot, 0);
        }
        uses
    }

    #[inline]
    pub(in crate::engine) fn set_uses(&self, slot: u32, uses: u8) {
        self.uses(slot).inspect(|own| own.store(uses, Ordering::Relaxed));
    }

    fn uses(&self, slot: u32) -> Option<&'a AtomicU8> {
        self.slots.ticket(slot)?;
        // SAFETY: a live slot is in a chunk.
        unsafe { self.numbers.uses(slot) }
    }

    #[inline]
    fn live(self, ticket: Ticket) -> Option<Self> {
        self.slots.is_live(ticket).then_some(self)
    }
}
