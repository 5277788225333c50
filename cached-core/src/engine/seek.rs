//! Looking an entry up, where more has to be seen to than a [hit](super::table::Table::get_quick) has time for.

use std::sync::atomic::{AtomicU64, Ordering};

use super::order::Ticket;
use super::part::deadline;
use super::raw::RawTable;
use super::shelf::{AnyPair, Found, tag};
use crate::clock::{NEVER, Time, is_past};
use crate::epoch::{self, Pin};
use crate::sync::assert_unguarded;

/// In the place of the time of the next try: one is under way.
const CLAIMED: Time = NEVER;

/// Whether it is the pair of the key that is looked for. User code.
pub(super) type Matches<'a> = &'a mut dyn FnMut(&AnyPair<'_>) -> bool;

/// What looks for an entry whose types are not known here, and takes what is found.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "as the twin has them they are no copies")]
pub(super) trait SeekAny {
    /// Whether it is the pair of its key. User code.
    fn matches(&self, pair: &AnyPair<'_>) -> bool;
    /// Takes what is fresh. User code.
    fn found(&mut self, pair: &AnyPair<'_>);
}

/// A hit whose types are not known here.
#[cfg(all(debug_assertions, not(test)))]
#[allow(clippy::trivially_copy_pass_by_ref, reason = "as the twin has them they are no copies")]
pub(super) trait ReadAny {
    /// Whether it is the pair of its key. User code.
    fn matches(&self, pair: &AnyPair<'_>) -> bool;
    /// Reads its value. User code.
    fn read(&mut self, pin: &epoch::QuickPin, pair: &AnyPair<'_>);
}

impl RawTable {
    /// Shows an entry to `read`, if it has not ended.
    pub(super) fn show(&self, hash: u64, ticket: Ticket, now: Time, read: &mut dyn FnMut(&AnyPair<'_>)) {
        let part = self.part(hash);
        let pin = epoch::pin();
        let pair = {
            let mut shelf = part.shelf.write();
            let ends = shelf.split().0.deadline(ticket).unwrap_or(NEVER);
            let current = shelf.split().0.is_current(ticket);
            shelf.pair(&pin, ticket).filter(|_| current && !is_past(ends, now))
        };
        assert_unguarded();
        if let Some(pair) = pair {
            read(&pair);
        }
    }

    /// The entry of a key, fresh or not; `read` is told until when it is fresh. One that is outdated ended long ago.
    pub(super) fn find(
        &self,
        hash: u64,
        matches: Matches<'_>,
        read: &mut dyn FnMut(Time, &AnyPair<'_>),
    ) -> Option<Ticket> {
        let part = self.part(hash);
        let pin = epoch::pin();
        assert_unguarded();
        let found = part.shelf.find(&pin, tag(hash), matches)?;
        // The slot keeps its entry while this thread is pinned: if it is live, it is this entry's.
        let ticket = part.shelf.write().ticket(found.slot())?;
        let until = if found.is_current() { self.ages.fresh_until(deadline(&found)) } else { 0 };
        read(until, found.pair());
        Some(ticket)
    }

    /// A use lets an entry live on, where that is what its life depends on.
    #[inline]
    pub(super) fn prolong(&self, found: &Found<'_>, now: Time) {
        let (Some(idle), Some(deadline)) = (self.ages.idle, found.deadline()) else { return };
        let hard = found.hard().map_or(NEVER, |hard| hard.load(Ordering::Relaxed));
        let prolonged = self.ages.prolonged(now, idle, hard);
        // It only rises, whatever other threads make of it. Nothing is written as long as the clock stands still.
        if prolonged > deadline.load(Ordering::Relaxed) {
            deadline.fetch_max(prolonged, Ordering::Relaxed);
        }
    }

    /// The short way of a hit, where it is not compiled for its types; whether it can be gone.
    #[cfg(all(debug_assertions, not(test)))]
    pub(super) fn find_quick(&self, note: u8, hash: u64, hit: &mut dyn ReadAny) -> bool {
        let Some(pin) = epoch::quick_pin() else { return false };
        assert_unguarded();
        let part = self.part(hash);
        let Some(found) = part.shelf.find(&pin, tag(hash), &mut |pair| hit.matches(pair)) else {
            return true;
        };
        let is_noted = part.note_quick(note, &found);
        if is_noted {
            hit.read(&pin, found.pair());
        }
        is_noted
    }

    /// Shows the fresh entry of a key to `read`, and notes the use where `used`. Of entries that do not age, `now` does
    /// not matter. `read` may do anything, but while it runs nothing that was removed anywhere is freed.
    pub(super) fn get(
        &self,
        hash: u64,
        matches: Matches<'_>,
        now: Time,
        used: bool,
        read: &mut dyn FnMut(&Pin, &AnyPair<'_>),
    ) {
        let part = self.part(hash);
        let pin = epoch::pin();
        assert_unguarded();
        let Some(found) = part.shelf.find(&pin, tag(hash), matches) else { return };
        if (self.ages.any && is_past(self.ages.fresh_until(deadline(&found)), now)) || !found.is_current() {
            return;
        }
        read(&pin, found.pair());
        if used {
            self.prolong(&found, now);
            part.note_use(&pin, &found);
        }
    }

    /// The same for a caller who is about to store something else: what is there and is not fresh.
    pub(super) fn get_or_find(&self, hash: u64, now: Time, load: &mut dyn SeekAny) -> Option<Ticket> {
        let part = self.part(hash);
        let pin = epoch::pin();
        assert_unguarded();
        let found = part.shelf.find(&pin, tag(hash), &mut |pair| load.matches(pair))?;
        if (self.ages.any && is_past(self.ages.fresh_until(deadline(&found)), now)) || !found.is_current() {
            // The slot keeps its entry while this thread is pinned: if it is live, it is this entry's.
            return part.shelf.write().ticket(found.slot());
        }
        load.found(found.pair());
        self.prolong(&found, now);
        part.note_use(&pin, &found);
        None
    }

    /// The same where entries are of use beyond their time. `read` is told whether the value is past it; the ticket is
    /// given to the one who is to have it loaded anew.
    pub(super) fn get_lingering(
        &self,
        hash: u64,
        matches: Matches<'_>,
        now: Time,
        read: &mut dyn FnMut(&Pin, &AnyPair<'_>, bool),
    ) -> Option<Ticket> {
        let part = self.part(hash);
        let pin = epoch::pin();
        assert_unguarded();
        let found = part.shelf.find(&pin, tag(hash), matches)?;
        if !found.is_current() {
            return None;
        }
        let ends = deadline(&found);
        let past = is_past(self.ages.fresh_until(ends), now);
        let old = past || now >= found.soft().map_or(NEVER, |soft| soft.load(Ordering::Relaxed));
        let tries = found.tries();
        let next = tries.map_or(NEVER, |tries| tries.load(Ordering::Relaxed));
        // Past its time it answers only those who come too early for the next try.
        if is_past(ends, now) || (past && (now >= next || next == CLAIMED)) {
            return None;
        }
        read(&pin, found.pair(), old);
        if !past {
            self.prolong(&found, now);
        }
        part.note_use(&pin, &found);
        let claim = |tries: &AtomicU64| {
            tries.compare_exchange(next, CLAIMED, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        };
        let claimed = old && !past && now >= next && tries.is_some_and(claim);
        // The slot keeps its entry while this thread is pinned.
        if claimed { part.shelf.write().ticket(found.slot()) } else { None }
    }
}
