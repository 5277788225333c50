//! What the writer of a shelf knows of its slots: which are live, which rest, which are free, and whose they are.
//!
//! Slots come in chunks, each as large as all before it: chunk `c` is of the `1 << c` slots whose numbers have `c` as
//! their highest bit, and the first slot is number 16.

#![expect(clippy::cast_possible_truncation, reason = "a slot has 32 bits")]

use std::collections::VecDeque;

use super::order::Ticket;
use super::shelf::OldIndex;
use crate::epoch::{self, Grace};
use crate::removal::RemovalCause;

/// The first slot.
pub(super) const FIRST: u32 = 16;
pub(super) const FIRST_CHUNK: usize = FIRST.ilog2() as usize;
/// Chunks that there can be, those below the first among them.
#[cfg_attr(cached_locks, allow(dead_code, reason = "the twin has no chunks"))]
pub(super) const CHUNKS: usize = 32;
/// Above the last slot there can be.
pub(super) const LIMIT: u32 = u32::MAX;

/// Memory for so many slots that rest is kept for the next.
const KEPT: usize = 256;

/// The chunk of a slot.
#[inline(always)]
pub(super) fn chunk_of(slot: u32) -> usize {
    slot.ilog2() as usize
}

/// The first slot of a chunk, and also how many it has.
pub(super) fn start_of(chunk: usize) -> u32 {
    1 << chunk
}

/// See the module's words.
#[derive(Default)]
pub(super) struct Slots {
    metas: Vec<Meta>,
    /// The lowest with free slots is used first, so that the last ones empty and can go.
    chunks: Vec<Chunk>,
    /// No chunk before this has free slots.
    lowest_free: usize,
    live: usize,
    /// How many are free.
    vacant: usize,
    serial: u32,
    /// Whether somebody is told of removals: slots rest after that.
    listens: bool,
    /// Removed, and nobody has been told, in their order.
    untold: VecDeque<(u32, RemovalCause)>,
    /// The one that somebody is told of right now.
    telling: Option<u32>,
    /// Removed, and not yet waited for.
    resting: Vec<u32>,
    /// Replaced, and perhaps still looked through.
    indexes: Vec<OldIndex>,
    waiting: VecDeque<Batch>,
    /// Whether nobody reads as long as the writer has the lock.
    is_unseen: bool,
    /// The memory of a batch that is over, for the next one.
    spare: Vec<u32>,
}

#[derive(Clone, Copy, Default)]
struct Meta {
    tag: u32,
    /// Its ticket's while the slot is live; even otherwise.
    serial: u32,
}

#[derive(Default)]
struct Chunk {
    free: Vec<u32>,
    /// Slots that are live or resting.
    taken: u32,
}

/// Garbage that waits for the end of one grace period.
struct Batch {
    grace: Grace,
    slots: Vec<u32>,
    _indexes: Vec<OldIndex>,
}

impl Slots {
    pub(super) fn new(listens: bool) -> Self {
        Self { listens, ..Self::default() }
    }

    /// Whether somebody is told of removals.
    pub(super) fn listens(&self) -> bool {
        self.listens
    }

    /// Slots that are live.
    pub(super) fn live(&self) -> usize {
        self.live
    }

    /// Above the last slot that there is.
    pub(super) fn end(&self) -> usize {
        self.metas.len() + FIRST as usize
    }

    fn meta(&self, slot: u32) -> Option<&Meta> {
        self.metas.get(slot.checked_sub(FIRST)? as usize)
    }

    fn meta_mut(&mut self, slot: u32) -> &mut Meta {
        &mut self.metas[(slot - FIRST) as usize]
    }

    /// Whether all slots that there can be are taken.
    pub(super) fn is_full(&self) -> bool {
        self.vacant == 0 && self.end() >= LIMIT as usize
    }

    /// Makes a free slot live; and the number of its chunk, where that is new.
    #[inline]
    pub(super) fn take(&mut self, tag: u32) -> (Ticket, Option<usize>) {
        let (slot, new_chunk) = match self.pop_free() {
            Some(slot) => (slot, None),
            None => self.push_new(),
        };
        self.live += 1;
        // Odd numbers only: an even one says that the slot is not live.
        self.serial = self.serial.wrapping_add(2) | 1;
        *self.meta_mut(slot) = Meta { tag, serial: self.serial };
        (Ticket { slot, serial: self.serial }, new_chunk)
    }

    #[inline]
    fn pop_free(&mut self) -> Option<u32> {
        if self.vacant == 0 {
            return None;
        }
        loop {
            let chunk = self.chunks.get_mut(self.lowest_free)?;
            if let Some(slot) = chunk.free.pop() {
                chunk.taken += 1;
                self.vacant -= 1;
                return Some(slot);
            }
            self.lowest_free += 1;
        }
    }

    #[cold]
    fn push_new(&mut self) -> (u32, Option<usize>) {
        let slot = self.end() as u32;
        assert!(slot < LIMIT, "callers make room where all slots are taken");
        let chunk = chunk_of(slot);
        let new = chunk == self.chunks.len() + FIRST_CHUNK;
        if new {
            self.chunks.push(Chunk::default());
        }
        self.chunks[chunk - FIRST_CHUNK].taken += 1;
        self.metas.push(Meta::default());
        (slot, new.then_some(chunk))
    }

    /// A live slot is live no more.
    #[inline]
    pub(super) fn rest(&mut self, slot: u32, cause: RemovalCause) {
        self.meta_mut(slot).serial = 0;
        self.live -= 1;
        if self.listens {
            self.untold.push_back((slot, cause));
        } else {
            self.resting.push(slot);
        }
    }

    /// The next removal that somebody is to be told of, unless one is being told: they come one after the other. The slot
    /// keeps its entry until that [is done](Self::told).
    pub(super) fn tell(&mut self) -> Option<(u32, RemovalCause)> {
        if self.telling.is_some() {
            return None;
        }
        let next = self.untold.pop_front()?;
        self.telling = Some(next.0);
        Some(next)
    }

    pub(super) fn told(&mut self) {
        self.resting.extend(self.telling.take());
    }

    /// Removals that nobody has been told of.
    pub(super) fn count_untold(&self) -> usize {
        self.untold.len() + usize::from(self.telling.is_some())
    }

    #[cfg_attr(cached_locks, expect(dead_code, reason = "the twin changes its index in place"))]
    pub(super) fn retire(&mut self, index: OldIndex) {
        self.indexes.push(index);
    }

    /// Begins a grace period where at least `batch` slots rest, or an index waits to be freed.
    #[inline]
    pub(super) fn ask(&mut self, batch: usize) {
        if self.resting.len() >= batch.max(1) || !self.indexes.is_empty() {
            if self.waiting.is_empty() && epoch::is_quiet() {
                self.indexes.clear();
                self.is_unseen = true;
                return;
            }
            let slots = std::mem::replace(&mut self.resting, std::mem::take(&mut self.spare));
            let indexes = std::mem::take(&mut self.indexes);
            self.waiting.push_back(Batch { grace: Grace::begin(), slots, _indexes: indexes });
        }
    }

    /// One of the slots that rest, where nobody reads: to be freed by the caller.
    #[inline]
    pub(super) fn unseen(&mut self) -> Option<u32> {
        let slot = if self.is_unseen { self.resting.pop() } else { None };
        if self.is_unseen && slot.is_none() {
            self.is_unseen = false;
            if self.resting.capacity() > KEPT {
                self.resting = Vec::new();
            }
        }
        slot
    }

    /// The slots whose grace period is over, if there are such: to be [given back](Self::recycle) when they are free.
    #[inline]
    pub(super) fn rested(&mut self) -> Option<Vec<u32>> {
        if self.waiting.front_mut()?.grace.is_over() {
            self.waiting.pop_front().map(|batch| batch.slots)
        } else {
            None
        }
    }

    pub(super) fn recycle(&mut self, mut slots: Vec<u32>) {
        if slots.capacity() <= KEPT {
            slots.clear();
            self.spare = slots;
        }
    }

    /// Slots that rest. Theirs and the live ones' are all the pairs there are.
    #[cfg(any(test, debug_assertions, not(cached_locks)))]
    pub(super) fn resting(&self) -> impl Iterator<Item = u32> {
        let waiting = self.waiting.iter().flat_map(|batch| &batch.slots);
        let untold = self.untold.iter().map(|(slot, _)| slot).chain(&self.telling);
        waiting.chain(&self.resting).chain(untold).copied()
    }

    /// How many slots rest.
    pub(super) fn count_resting(&self) -> usize {
        self.metas.len() - self.live - self.vacant - self.count_untold()
    }

    /// Whether there is anything to do for [`ask`](Self::ask) or [`rested`](Self::rested).
    #[inline]
    pub(super) fn is_due(&self, batch: usize) -> bool {
        self.resting.len() >= batch.max(1) || !self.indexes.is_empty() || !self.waiting.is_empty()
    }

    pub(super) fn is_anything_resting(&self) -> bool {
        !(self.waiting.is_empty() && self.resting.is_empty())
    }

    #[inline]
    pub(super) fn free(&mut self, slot: u32) {
        let number = chunk_of(slot) - FIRST_CHUNK;
        let chunk = &mut self.chunks[number];
        chunk.free.push(slot);
        chunk.taken -= 1;
        self.vacant += 1;
        self.lowest_free = self.lowest_free.min(number);
    }

    /// Gives up the last chunk, where it holds nothing and most of what lies before it is empty, too.
    pub(super) fn give_back(&mut self) -> Option<usize> {
        let last = self.chunks.len().checked_sub(1).filter(|last| *last > 0)?;
        let chunk = last + FIRST_CHUNK;
        if self.chunks[last].taken > 0 || self.live > (start_of(chunk) - FIRST) as usize / 2 {
            return None;
        }
        self.vacant -= self.chunks.pop().map_or(0, |chunk| chunk.free.len());
        self.metas.truncate((start_of(chunk) - FIRST) as usize);
        self.metas.shrink_to_fit();
        Some(chunk)
    }

    /// The ticket of a live slot.
    #[inline]
    pub(super) fn ticket(&self, slot: u32) -> Option<Ticket> {
        let serial = self.meta(slot)?.serial;
        (serial & 1 == 1).then_some(Ticket { slot, serial })
    }

    /// Whether the entry that a ticket was given to is still here.
    #[inline]
    pub(super) fn is_live(&self, ticket: Ticket) -> bool {
        self.ticket(ticket.slot) == Some(ticket)
    }

    /// The tag of a slot that is live, or was last.
    #[inline]
    pub(super) fn tag(&self, slot: u32) -> u32 {
        self.meta(slot).map_or(0, |meta| meta.tag)
    }

    /// The tickets of the live slots from `start` on, in their order.
    pub(super) fn tickets(&self, start: usize) -> impl Iterator<Item = Ticket> {
        (start.max(FIRST as usize)..self.end()).filter_map(|slot| self.ticket(slot as u32))
    }

    #[cfg(any(test, fuzzing, debug_assertions))]
    pub(super) fn assert_valid(&self) {
        let live = self.tickets(0).count();
        assert_eq!(live, self.live);
        let resting = self.resting().count();
        let free: usize = self.chunks.iter().map(|chunk| chunk.free.len()).sum();
        assert_eq!(live + resting + free, self.metas.len(), "each slot is in one state");
        assert_eq!(free, self.vacant);
        assert_eq!(resting, self.count_resting());
        assert!(self.chunks.iter().take(self.lowest_free).all(|chunk| chunk.free.is_empty()));
        assert_eq!(self.chunks.iter().map(|chunk| chunk.taken).sum::<u32>() as usize, live + resting);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_follow_each_other() {
        assert_eq!(chunk_of(FIRST), FIRST_CHUNK);
        for chunk in FIRST_CHUNK..CHUNKS - 1 {
            let (start, next) = (start_of(chunk), start_of(chunk + 1));
            assert_eq!((chunk_of(start), chunk_of(next - 1), chunk_of(next)), (chunk, chunk, chunk + 1));
        }
        assert_eq!(chunk_of(LIMIT - 1), CHUNKS - 1);
    }

    #[test]
    fn what_rested_in_great_numbers_leaves_no_memory_behind() {
        let mut slots = Slots::new(false);
        let tickets: Vec<_> = (0..10_000).map(|tag| slots.take(tag).0).collect();
        tickets.iter().for_each(|ticket| slots.rest(ticket.slot, RemovalCause::Explicit));
        // As where nobody reads.
        slots.is_unseen = true;
        while let Some(slot) = slots.unseen() {
            slots.free(slot);
        }
        slots.assert_valid();
        assert!(slots.resting.capacity() <= KEPT, "{} slots", slots.resting.capacity());
    }
}
