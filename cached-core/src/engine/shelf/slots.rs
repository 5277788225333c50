//! What the writer of a shelf knows of its slots: which are live, which rest, which are free, and whose they are.

use std::collections::VecDeque;

use super::OldIndex;
use super::lane::{FIRST, FIRST_CHUNK, LIMIT, chunk_of, start_of};
use crate::engine::order::Ticket;
use crate::epoch::Grace;

/// See the module's words.
#[derive(Default)]
pub(in crate::engine) struct Slots {
    metas: Vec<Meta>,
    /// Free slots, by chunk: the lowest are used first, so that the last chunks empty and can go.
    free: Vec<Vec<u32>>,
    /// Slots of a chunk that are live or resting.
    taken: Vec<u32>,
    live: usize,
    serial: u32,
    /// Removed, and not yet waited for.
    resting: Vec<u32>,
    /// Replaced, and perhaps still looked through.
    indexes: Vec<OldIndex>,
    waiting: VecDeque<Batch>,
}

#[derive(Clone, Copy, Default)]
struct Meta {
    tag: u32,
    /// Its ticket's while the slot is live; even otherwise.
    serial: u32,
}

/// Garbage that waits for the end of one grace period.
struct Batch {
    grace: Grace,
    slots: Vec<u32>,
    _indexes: Vec<OldIndex>,
}

impl Slots {
    /// Slots that are live.
    pub(in crate::engine) fn live(&self) -> usize {
        self.live
    }

    /// Above the last slot that there is.
    pub(in crate::engine) fn end(&self) -> usize {
        self.metas.len() + FIRST as usize
    }

    fn meta(&self, slot: u32) -> Option<&Meta> {
        self.metas.get(slot.checked_sub(FIRST)? as usize)
    }

    fn meta_mut(&mut self, slot: u32) -> &mut Meta {
        &mut self.metas[(slot - FIRST) as usize]
    }

    /// Whether all slots that there can be are taken.
    pub(in crate::engine) fn is_full(&self) -> bool {
        self.end() >= LIMIT as usize && self.free.iter().all(Vec::is_empty)
    }

    /// Makes a free slot live; and the number of its chunk, where that is new.
    pub(in crate::engine) fn take(&mut self, tag: u32) -> (Ticket, Option<usize>) {
        let mut new_chunk = None;
        let slot = self.free.iter_mut().find_map(Vec::pop).unwrap_or_else(|| {
            let slot = self.end() as u32;
            assert!(slot < LIMIT, "callers make room where all slots are taken");
            let chunk = chunk_of(slot);
            if chunk == self.free.len() + FIRST_CHUNK {
                self.free.push(Vec::new());
                self.taken.push(0);
                new_chunk = Some(chunk);
            }
            self.metas.push(Meta::default());
            slot
        });
        self.taken[chunk_of(slot) - FIRST_CHUNK] += 1;
        self.live += 1;
        // Odd numbers only: an even one says that the slot is not live.
        self.serial = self.serial.wrapping_add(2) | 1;
        *self.meta_mut(slot) = Meta { tag, serial: self.serial };
        (Ticket { slot, serial: self.serial }, new_chunk)
    }

    /// A live slot is live no more.
    pub(in crate::engine) fn rest(&mut self, slot: u32) {
        self.meta_mut(slot).serial = 0;
        self.live -= 1;
        self.resting.push(slot);
    }

    pub(in crate::engine) fn rest_all(&mut self) {
        let live: Vec<u32> = self.tickets(0).map(|ticket| ticket.slot).collect();
        for &slot in &live {
            self.meta_mut(slot).serial = 0;
        }
        self.live = 0;
        self.resting.extend(live);
    }

    pub(in crate::engine) fn retire(&mut self, index: OldIndex) {
        self.indexes.push(index);
    }

    /// Begins a grace period where at least `batch` slots rest, or an index waits to be freed; and gives what an earlier one
    /// has set free.
    pub(in crate::engine) fn rested(&mut self, batch: usize) -> Option<Vec<u32>> {
        if self.resting.len() >= batch.max(1) || !self.indexes.is_empty() {
            let grace = Grace::begin();
            let (slots, indexes) = (std::mem::take(&mut self.resting), std::mem::take(&mut self.indexes));
            self.waiting.push_back(Batch { grace, slots, _indexes: indexes });
        }
        if !self.waiting.front_mut()?.grace.is_over() {
            return None;
        }
        self.waiting.pop_front().map(|batch| batch.slots)
    }

    /// Slots that rest. Theirs and the live ones' are all the pairs there are.
    pub(in crate::engine) fn resting(&self) -> impl Iterator<Item = u32> {
        let waiting = self.waiting.iter().flat_map(|batch| &batch.slots);
        waiting.chain(&self.resting).copied()
    }

    pub(in crate::engine) fn is_anything_resting(&self) -> bool {
        !(self.waiting.is_empty() && self.resting.is_empty())
    }

    pub(in crate::engine) fn free(&mut self, slot: u32) {
        self.free[chunk_of(slot) - FIRST_CHUNK].push(slot);
        self.taken[chunk_of(slot) - FIRST_CHUNK] -= 1;
    }

    /// Gives up the last chunk, where it holds nothing and most of what lies before it is empty, too.
    pub(in crate::engine) fn give_back(&mut self) -> Option<usize> {
        let last = self.taken.len().checked_sub(1).filter(|last| *last > 0)?;
        let chunk = last + FIRST_CHUNK;
        if self.taken[last] > 0 || self.live > (start_of(chunk) - FIRST) as usize / 2 {
            return None;
        }
        self.taken.pop();
        self.free.pop();
        self.metas.truncate((start_of(chunk) - FIRST) as usize);
        self.metas.shrink_to_fit();
        Some(chunk)
    }

    /// The ticket of a live slot.
    #[inline]
    pub(in crate::engine) fn ticket(&self, slot: u32) -> Option<Ticket> {
        let serial = self.meta(slot)?.serial;
        (serial & 1 == 1).then_some(Ticket { slot, serial })
    }

    /// Whether the entry that a ticket was given to is still here.
    #[inline]
    pub(in crate::engine) fn is_live(&self, ticket: Ticket) -> bool {
        self.ticket(ticket.slot) == Some(ticket)
    }

    /// The tag of a slot that is live, or was last.
    #[inline]
    pub(in crate::engine) fn tag(&self, slot: u32) -> u32 {
        self.meta(slot).map_or(0, |meta| meta.tag)
    }

    /// The tickets of the live slots from `start` on, in their order.
    pub(in crate::engine) fn tickets(&self, start: usize) -> impl Iterator<Item = Ticket> {
        (start.max(FIRST as usize)..self.end()).filter_map(|slot| self.ticket(slot as u32))
    }

    #[cfg(test)]
    pub(in crate::engine) fn assert_valid(&self) {
        let live = self.tickets(0).count();
        assert_eq!(live, self.live);
        let resting = self.resting().count();
        let free: usize = self.free.iter().map(Vec::len).sum();
        assert_eq!(live + resting + free, self.metas.len(), "each slot is in one state");
        assert_eq!(self.taken.iter().sum::<u32>() as usize, live + resting);
    }
}
