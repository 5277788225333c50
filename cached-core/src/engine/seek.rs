//! Looking an entry up: the way of a hit, in as few steps as how entries age and what their policy wants to know allow.

use std::sync::atomic::{AtomicU64, Ordering};

use super::note;
use super::order::Ticket;
use super::part::deadline;
use super::shelf::{Found, tag};
use super::table::Table;
use crate::clock::{NEVER, SLACK, Time, is_past};
use crate::epoch::{self, Pin, QuickPin};
use crate::key::Lookup;
use crate::sync::assert_unguarded;

/// In the place of the time of the next try: one is under way.
const CLAIMED: Time = NEVER;

/// What the short way found.
pub(crate) enum Quick<R> {
    Found(R),
    Missing,
    /// The long way has to be gone.
    Unknown,
}

impl<K, V> Table<K, V> {
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
        read: impl FnOnce(&QuickPin, &V) -> R,
    ) -> Quick<R> {
        let known = match note {
            note::UNKNOWN => self.quick_note,
            note::MORE => None,
            _ => Some(note),
        };
        let Some(note) = known else { return Quick::Unknown };
        debug_assert_eq!(Some(note), self.quick_note, "the attribute knows the cache");
        // To panic would be a call.
        let Some(part) = self.parts.get(self.number_of_part(hash)) else { return Quick::Unknown };
        let Some(pin) = epoch::quick_pin() else { return Quick::Unknown };
        assert_unguarded();
        let Some(found) = part.shelf.find(&pin, tag(hash), |other| key.matches(other)) else {
            return Quick::Missing;
        };
        if !part.note_quick(note, &found) {
            return Quick::Unknown;
        }
        Quick::Found(read(&pin, &found.pair().value))
    }

    /// The same where the policy may have to be told of the use.
    #[inline]
    pub(crate) fn get_noted<R>(
        &self,
        hash: u64,
        key: &impl Lookup<K>,
        read: impl FnOnce(&QuickPin, &V) -> R,
    ) -> Quick<R> {
        let part = self.part(hash);
        let Some(pin) = epoch::quick_pin() else { return Quick::Unknown };
        assert_unguarded();
        let Some(found) = part.shelf.find(&pin, tag(hash), |other| key.matches(other)) else {
            return Quick::Missing;
        };
        let result = read(&pin, &found.pair().value);
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
        if self.is_due(now) {
            return Quick::Unknown;
        }
        let part = self.part(hash);
        let Some(pin) = epoch::quick_pin() else { return Quick::Unknown };
        assert_unguarded();
        let Some(found) = part.shelf.find(&pin, tag(hash), |other| key.matches(other)) else {
            return Quick::Missing;
        };
        let soft = found.soft().map_or(NEVER, |soft| soft.load(Ordering::Relaxed));
        if now.saturating_add(SLACK) >= self.ages.fresh_until(deadline(&found)).min(soft) {
            return Quick::Unknown;
        }
        if !found.is_current() {
            return Quick::Missing;
        }
        let result = read(&pin, &found.pair().value);
        self.prolong(&found, now);
        part.note_use(&pin, &found);
        Quick::Found(result)
    }

    /// A use lets an entry live on, where that is what its life depends on.
    #[inline]
    fn prolong(&self, found: &Found<'_, K, V>, now: Time) {
        let (Some(idle), Some(deadline)) = (self.ages.idle, found.deadline()) else { return };
        let hard = found.hard().map_or(NEVER, |hard| hard.load(Ordering::Relaxed));
        let prolonged = self.ages.prolonged(now, idle, hard);
        // It only rises, whatever other threads make of it. Nothing is written as long as the clock stands still.
        if prolonged > deadline.load(Ordering::Relaxed) {
            deadline.fetch_max(prolonged, Ordering::Relaxed);
        }
    }

    /// Gives the fresh value of a key to `read`, and notes the use where `used`. Of entries that do not age, `now` does
    /// not matter. `read` may do anything, but while it runs nothing that was removed anywhere is freed.
    #[inline]
    pub(crate) fn get<R>(
        &self,
        hash: u64,
        key: &impl Lookup<K>,
        now: Time,
        used: bool,
        read: impl FnOnce(&Pin, &V) -> R,
    ) -> Option<R> {
        let part = self.part(hash);
        let pin = epoch::pin();
        assert_unguarded();
        let found = part.shelf.find(&pin, tag(hash), |other| key.matches(other))?;
        if (self.ages.any && is_past(self.ages.fresh_until(deadline(&found)), now)) || !found.is_current() {
            return None;
        }
        let result = read(&pin, &found.pair().value);
        if used {
            self.prolong(&found, now);
            part.note_use(&pin, &found);
        }
        Some(result)
    }

    /// The same where entries are of use beyond their time. `read` is told whether the value is past it; the ticket is
    /// given to the one who is to have it loaded anew.
    pub(crate) fn get_lingering<R>(
        &self,
        hash: u64,
        key: &impl Lookup<K>,
        now: Time,
        read: impl FnOnce(&Pin, &V, bool) -> R,
    ) -> Option<(R, Option<Ticket>)> {
        let part = self.part(hash);
        let pin = epoch::pin();
        assert_unguarded();
        let found = part.shelf.find(&pin, tag(hash), |other| key.matches(other))?;
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
        let result = read(&pin, &found.pair().value, old);
        if !past {
            self.prolong(&found, now);
        }
        part.note_use(&pin, &found);
        let claim = |tries: &AtomicU64| {
            tries.compare_exchange(next, CLAIMED, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        };
        let claimed = old && !past && now >= next && tries.is_some_and(claim);
        // The slot keeps its entry while this thread is pinned.
        let ticket = if claimed { part.shelf.write().ticket(found.slot()) } else { None };
        Some((result, ticket))
    }
}
