//! One shelf, the order in which its entries leave, and what is said of both without the writers' lock.

use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};

use super::age::Ages;
use super::events::Events;
use super::note;
use super::order::Ticket;
use super::ranks::Ranks;
use super::shelf::{AnyPair, Found, Garbage, Kind, Shelf, Write};
use super::stamp;
use crate::clock::{NEVER, Time};
use crate::epoch::{self, Visit};
use crate::options::Bound;
use crate::removal::RemovalCause;
use crate::sync::assert_unguarded;

/// How many entries are visited with one look at the slots.
const STRIDE: usize = 1024;

/// See the module's words.
pub(super) struct Part {
    pub(super) shelf: Shelf<Ranks>,
    /// What a hit leaves behind.
    pub(super) note: u8,
    /// Whether there is nothing but its length to be [noted](Self::note) of the shelf.
    is_plain: bool,
    /// How often uses of an entry are counted, where they are.
    most_uses: u8,
    /// Uses that the policy is to be told, where it is.
    pub(super) events: Option<Events>,
    pub(super) len: AtomicUsize,
    /// Removals that nobody has been told of.
    untold: AtomicUsize,
    pub(super) weight: AtomicU64,
    /// The last stamp that an insertion was given.
    pub(super) seen: AtomicU64,
    /// No deadline passes before this.
    pub(super) deadline: AtomicU64,
}

impl Part {
    pub(super) fn new(kind: &'static Kind, bound: &Bound, ages: &Ages) -> Self {
        let (ranks, mut kinds, events) = Ranks::new(bound);
        kinds.deadlines = ages.any;
        kinds.hards = ages.hard;
        kinds.softs = ages.soft;
        kinds.tries = ages.lingers();
        kinds.tags = ages.tagged;
        kinds.listens = ages.listens;
        let note = match &events {
            Some(events) if events.are_thinned() => note::MARK,
            Some(_) => note::MORE,
            None if kinds.stamps => note::STAMP,
            None if kinds.uses => note::COUNT,
            None => note::NOTHING,
        };
        debug_assert!([note::UNKNOWN, note].contains(&note::of(bound.policy())));
        Self {
            note,
            is_plain: !kinds.listens && !kinds.deadlines && bound.max_weight.is_none(),
            most_uses: ranks.most_uses(),
            shelf: Shelf::new(kind, kinds, ranks),
            events,
            len: AtomicUsize::new(0),
            untold: AtomicUsize::new(0),
            weight: AtomicU64::new(0),
            seen: AtomicU64::new(0),
            deadline: AtomicU64::new(u64::MAX),
        }
    }

    /// Notes a use, as the policy wants it, unless the policy has to be told. Whether that is done.
    #[inline(always)]
    pub(super) fn note_quick(&self, note: u8, found: &Found<'_>) -> bool {
        match note {
            note::STAMP => {
                found.stamp().inspect(|stamp| stamp::touch(stamp, self.seen.load(Ordering::Relaxed)));
            }
            note::COUNT => {
                found.uses().inspect(|uses| self.count(uses));
            }
            note::MARK => {
                let (Some(told), Some(events)) = (found.uses(), &self.events) else { return false };
                return events.mark() == told.load(Ordering::Relaxed);
            }
            note::MORE => return false,
            _ => {}
        }
        true
    }

    #[inline(always)]
    fn count(&self, uses: &AtomicU8) {
        let count = uses.load(Ordering::Relaxed);
        if count < self.most_uses {
            // No addition in one step: what two threads count at the same time may count once.
            uses.store(count + 1, Ordering::Relaxed);
        }
    }

    /// Notes a use, as the policy wants it.
    #[inline]
    pub(super) fn note_use(&self, pin: &impl Visit, found: &Found<'_>) {
        if self.note_quick(self.note, found) {
            return;
        }
        if let (Some(events), Some(told)) = (&self.events, found.uses()) {
            if events.note(pin.thread(), found.slot(), told) {
                self.try_learn();
            }
        }
    }

    /// Tells the policy what was used.
    #[inline]
    pub(super) fn learn(&self, shelf: &mut Write<'_, Ranks>) {
        if let Some(events) = &self.events {
            let (view, ranks) = shelf.split();
            ranks.learn(&view, events);
        }
    }

    /// The same, unless somebody else is at work on the shelf.
    #[cold]
    #[inline(never)]
    pub(super) fn try_learn(&self) {
        if let Some(mut shelf) = self.shelf.try_write() {
            self.learn(&mut shelf);
        }
    }

    /// Takes a live entry off the shelf.
    pub(super) fn take(&self, shelf: &mut Write<'_, Ranks>, ticket: Ticket, cause: RemovalCause) {
        let (_, ranks) = shelf.split();
        ranks.forget(ticket.slot);
        shelf.remove(ticket.slot, cause);
        let (view, ranks) = shelf.split();
        ranks.tidy(&view);
        self.note(shelf);
    }

    /// Shows some entries from `start` on, with nothing locked, and their deadlines; where to go on, if there are more.
    /// The deadline of one that is outdated passed long ago.
    pub(super) fn visit(
        &self,
        start: usize,
        show: &mut dyn FnMut(Ticket, Time, &AnyPair<'_>),
    ) -> Option<usize> {
        let pin = epoch::pin();
        let end = start + STRIDE;
        let (entries, more) = {
            let mut shelf = self.shelf.write();
            let tickets: Vec<_> =
                shelf.tickets(start).take_while(|ticket| (ticket.slot as usize) < end).collect();
            let more = shelf.end() > end;
            let mut entries = Vec::with_capacity(tickets.len());
            for ticket in tickets {
                let (view, _) = shelf.split();
                let deadline =
                    if view.is_current(ticket) { view.deadline(ticket).unwrap_or(NEVER) } else { 0 };
                entries.extend(shelf.pair(&pin, ticket).map(|pair| (ticket, deadline, pair)));
            }
            (entries, more)
        };
        for (ticket, deadline, pair) in entries {
            show(ticket, deadline, &pair);
        }
        more.then_some(end)
    }

    /// Tells `listener` of removals, one after the other: who comes while another does that leaves them to him. What is free
    /// by then.
    pub(super) fn tell(&self, listener: &dyn Fn(&AnyPair<'_>, RemovalCause)) -> Option<Garbage> {
        if self.untold.load(Ordering::Relaxed) == 0 {
            return None;
        }
        while let Some(told) = self.shelf.tell() {
            assert_unguarded();
            listener(&told.pair(), told.cause);
        }
        let mut shelf = self.shelf.write();
        self.note(&mut shelf);
        Some(shelf.collect(1))
    }

    /// Says of the shelf what others read without its lock.
    #[inline]
    pub(super) fn note(&self, shelf: &mut Write<'_, Ranks>) {
        self.len.store(shelf.live(), Ordering::Relaxed);
        if self.is_plain {
            return;
        }
        self.untold.store(shelf.count_untold(), Ordering::Relaxed);
        let (_, ranks) = shelf.split();
        self.weight.store(ranks.weight(), Ordering::Relaxed);
        let deadline = ranks.next_deadline();
        // Where nothing ages it never changes.
        if self.deadline.load(Ordering::Relaxed) != deadline {
            self.deadline.store(deadline, Ordering::SeqCst);
        }
    }
}

/// When an entry that was found is to be cleared away.
#[inline]
pub(super) fn deadline(found: &Found<'_>) -> Time {
    found.deadline().map_or(NEVER, |deadline| deadline.load(Ordering::Relaxed))
}
