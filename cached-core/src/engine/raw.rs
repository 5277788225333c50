//! The table of a cache, of whatever types its keys and values are: shelves that readers need no lock for, and the bound.
//!
//! [`Table`](super::table::Table) knows the types. What is here is compiled once for all of them.
//!
//! With a bound there is one shelf: who leaves is decided over all entries, so that small caches keep what they
//! should, and large ones do what their policy's paper says. Without a bound nobody leaves, and writers need not meet.

#![expect(unsafe_code, reason = "who puts pairs in must know that they are of the right types")]

use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::age::{Ages, Times};
use super::note;
use super::order::Ticket;
use super::part::Part;
use super::ranks::Ranks;
use super::relief::{CROWD, Relief};
use super::removed::{Change, Fate, Inserted, Removed};
use super::shelf::{AnyPair, Garbage, Kind, Parcel, View, Write, tag};
use crate::clock::{NEVER, Time, is_past};
use crate::epoch;
use crate::options::Bound;
use crate::removal::RemovalCause;
use crate::sync::{Padded, assert_unguarded, boxed, processors};
use crate::tags::{Held, Member};

/// Most expired entries that one operation clears away for others.
const SWEEP: usize = 256;
/// How many entries it looks at for that: some live on because they were used.
const STEPS: usize = 4 * SWEEP;

/// See the module's words.
pub(crate) struct RawTable {
    /// Dropped below.
    pub(super) parts: ManuallyDrop<Box<[Padded<Part>]>>,
    kind: &'static Kind,
    max: usize,
    max_weight: u64,
    bound: Bound,
    /// How entries age.
    pub(super) ages: Ages,
    /// What a hit leaves behind, where it may be done with in a few steps: where nothing ages, and nobody has to be told of each use.
    pub(super) quick_note: Option<u8>,
    pub(super) relief: Relief,
    /// No deadline passes before this.
    due: AtomicU64,
    /// Where the last sweep stopped.
    cursor: AtomicUsize,
}

/// What has to be known of an entry beside its key and its value.
pub(super) struct Facts {
    pub(super) hash: u64,
    pub(super) times: Times,
    /// At least 1; matters only where weights bound the cache.
    pub(super) weight: u64,
    /// Its tags, where it has some.
    pub(super) tags: Option<Box<Held>>,
}

/// What is known of an entry that ends.
pub(crate) struct Aged {
    pub(crate) times: Times,
    /// What it comes in the place of.
    pub(crate) replaced: Option<Ticket>,
    pub(crate) now: Time,
}

/// In which of so many parts, a power of two, an entry with this hash is.
#[inline(always)]
pub(crate) fn number_of_part(hash: u64, parts: usize) -> usize {
    // The lowest bits: the shelf's index uses the higher half.
    #[expect(clippy::cast_possible_truncation, reason = "the lowest bits will do")]
    let hash = hash as usize;
    hash & (parts - 1)
}

impl RawTable {
    /// Whether its pairs are of these types.
    pub(super) fn is_of<K: 'static, V: 'static>(&self) -> bool {
        self.kind.is::<K, V>()
    }

    pub(super) fn new(kind: &'static Kind, bound: Bound, ages: Ages) -> Self {
        let parts = if bound.is_bounded() { 1 } else { unbounded_parts() };
        let parts = boxed(parts, || Padded(Part::new(kind, &bound, &ages)));
        Self {
            quick_note: (!ages.any && !ages.tagged && parts[0].note != note::MORE).then_some(parts[0].note),
            parts: ManuallyDrop::new(parts),
            kind,
            max: bound.max.unwrap_or(usize::MAX),
            max_weight: bound.max_weight.unwrap_or(u64::MAX),
            bound,
            ages,
            relief: Relief::default(),
            due: AtomicU64::new(u64::MAX),
            cursor: AtomicUsize::new(0),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.parts.iter().map(|part| part.len.load(Ordering::Relaxed)).sum()
    }

    /// What the entries weigh together; 0 where that does not matter.
    pub(crate) fn weight(&self) -> u64 {
        self.parts.iter().map(|part| part.weight.load(Ordering::Relaxed)).sum()
    }

    #[inline]
    pub(super) fn part(&self, hash: u64) -> &Part {
        &self.parts[self.number_of_part(hash)]
    }

    /// That an attribute knows what a hit leaves behind here, where that is checked. A function of its own: what knows a type is compiled
    /// for each of them.
    #[inline]
    pub(super) fn assert_noted(&self, note: u8) {
        debug_assert_eq!(Some(note), self.quick_note, "the attribute knows the cache");
    }

    #[inline(always)]
    pub(super) fn number_of_part(&self, hash: u64) -> usize {
        number_of_part(hash, self.parts.len())
    }

    /// Says when an entry may be loaded anew.
    pub(crate) fn set_tries(&self, hash: u64, ticket: Ticket, at: Time) {
        let mut shelf = self.part(hash).shelf.write();
        shelf.split().0.tries(ticket).inspect(|tries| tries.store(at, Ordering::Relaxed));
    }

    /// Whether an entry is there.
    pub(crate) fn is_there(&self, hash: u64, ticket: Ticket) -> bool {
        self.part(hash).shelf.write().is_live(ticket)
    }

    /// Stores an entry in the place of another, and takes out what is too many. The caller is the only one that writes to
    /// this key, and knows that no entry has it but `replaced`.
    ///
    /// # Safety
    /// The pair is of this table's kind.
    #[inline(never)]
    pub(super) unsafe fn insert(
        &self,
        facts: Facts,
        pair: Parcel<'_>,
        replaced: Option<Ticket>,
        now: Time,
    ) -> Inserted {
        let mut garbage = Garbage::new();
        // SAFETY: the caller's word.
        let change = unsafe { self.insert_known(facts, pair, replaced, now, &mut garbage) };
        Inserted { change, garbage }
    }

    /// The same of an entry of which there is no more to be known than what `aged` says.
    ///
    /// # Safety
    /// As above.
    pub(super) unsafe fn insert_simple(
        &self,
        hash: u64,
        pair: Parcel<'_>,
        aged: Option<&Aged>,
        garbage: &mut Garbage,
    ) -> Change {
        // SAFETY: the caller's word.
        unsafe {
            match aged {
                None => self.insert_plain(hash, pair, garbage),
                Some(Aged { times, replaced, now }) => {
                    let facts = Facts { hash, times: *times, weight: 1, tags: None };
                    let Inserted { change, garbage: more } = self.insert(facts, pair, *replaced, *now);
                    garbage.extend(more);
                    change
                }
            }
        }
    }

    /// The same of one that never ends, and comes in the place of none.
    ///
    /// # Safety
    /// As above.
    #[inline(never)]
    unsafe fn insert_plain(&self, hash: u64, pair: Parcel<'_>, garbage: &mut Garbage) -> Change {
        let facts = Facts { hash, times: Times::until(NEVER), weight: 1, tags: None };
        // SAFETY: the caller's word.
        unsafe { self.insert_known(facts, pair, None, 0, garbage) }
    }

    /// Both: the compiler makes of it what is needed for each.
    ///
    /// # Safety
    /// As above.
    #[inline(always)]
    unsafe fn insert_known(
        &self,
        facts: Facts,
        pair: Parcel<'_>,
        replaced: Option<Ticket>,
        now: Time,
        garbage: &mut Garbage,
    ) -> Change {
        let Facts { hash, times, weight, tags } = facts;
        let (part, tag) = (self.part(hash), tag(hash));
        let deadline = times.deadline;
        let mut shelf = part.shelf.write();
        let replaced = replaced.filter(|ticket| shelf.is_live(*ticket));
        let mut evicted = 0;
        part.learn(&mut shelf);
        let fate = replaced.map(|ticket| {
            let (view, ranks) = shelf.split();
            ranks.forget(ticket.slot);
            self.fate(&view, ticket, now)
        });
        let (view, ranks) = shelf.split();
        ranks.missed(&view, tag, replaced.is_none());
        while self.is_too_much(&mut shelf, replaced, weight) {
            let (view, ranks) = shelf.split();
            let Some(victim) = ranks.victim(&view, tag) else { break };
            let leaves = replaced.is_some_and(|ticket| ticket.slot == victim);
            let cause = self.cause(&mut shelf, victim, leaves, now);
            shelf.remove(victim, cause);
            // What is replaced leaves anyway: it may be next, where the order is settled late.
            evicted += usize::from(!leaves);
        }
        let cause = fate.map_or(RemovalCause::Replaced, |fate| fate.cause(RemovalCause::Replaced));
        let replaced = replaced.filter(|ticket| shelf.is_live(*ticket)).map(|ticket| (ticket.slot, cause));
        // SAFETY: the caller's word.
        let ticket = unsafe { shelf.insert(tag, pair, &times, tags, replaced) };
        let (view, ranks) = shelf.split();
        let stamp = ranks.admit(&view, part.events.as_ref(), (ticket, tag), deadline, weight);
        part.seen.store(stamp, Ordering::Relaxed);
        if replaced.is_some() || deadline != NEVER {
            ranks.tidy(&view);
        }
        part.note(&mut shelf);
        let resting = self.collect_into(garbage, &mut shelf);
        drop(shelf);
        if deadline != NEVER {
            self.due.fetch_min(deadline, Ordering::SeqCst);
        }
        Change { ticket, replaced: fate, evicted, resting }
    }

    /// Takes along what nobody sees any more; how much garbage waits for readers, where that is much.
    #[inline]
    fn collect_into(&self, garbage: &mut Garbage, shelf: &mut Write<'_, Ranks>) -> Option<usize> {
        let batch = self.batch();
        if !shelf.is_due(batch) {
            // What rests is less than a batch.
            return None;
        }
        shelf.collect_into(batch, garbage);
        let resting = shelf.count_resting();
        (resting > batch * CROWD).then_some(resting)
    }

    /// What an entry is that is there.
    fn fate(&self, view: &View<'_>, ticket: Ticket, now: Time) -> Fate {
        let until = || self.ages.fresh_until(view.deadline(ticket).unwrap_or(NEVER));
        match view.is_current(ticket) {
            false => Fate::Outdated,
            true if is_past(until(), now) => Fate::Expired,
            true => Fate::Fresh,
        }
    }

    /// What is told of an entry that makes room, or is replaced anyway.
    #[inline]
    fn cause(&self, shelf: &mut Write<'_, Ranks>, victim: u32, replaced: bool, now: Time) -> RemovalCause {
        let cause = if replaced { RemovalCause::Replaced } else { RemovalCause::Size };
        if !shelf.listens() {
            return cause;
        }
        let ticket = shelf.ticket(victim);
        ticket.map_or(cause, |ticket| self.fate(&shelf.split().0, ticket, now).cause(cause))
    }

    /// Takes an entry out that is there.
    fn take(
        &self,
        (part, shelf): (&Part, &mut Write<'_, Ranks>),
        ticket: Ticket,
        now: Time,
        cause: RemovalCause,
        removed: &mut Removed,
    ) {
        let fate = self.fate(&shelf.split().0, ticket, now);
        removed.count(fate);
        part.take(shelf, ticket, fate.cause(cause));
    }

    /// Tells `listener` of removals that it has not been told of. To be called with nothing locked.
    pub(super) fn tell(&self, listener: &dyn Fn(&AnyPair<'_>, RemovalCause)) {
        for part in self.parts.iter() {
            drop(part.tell(listener));
        }
    }

    /// The shelves, one after the other, each locked while it is in hand.
    pub(super) fn shelves(&self) -> impl Iterator<Item = Write<'_, Ranks>> {
        self.parts.iter().map(|part| part.shelf.write())
    }

    /// Whether somebody has to leave before an entry of this weight can come in the place of `replaced`.
    fn is_too_much(&self, shelf: &mut Write<'_, Ranks>, replaced: Option<Ticket>, weight: u64) -> bool {
        let live = shelf.live() - usize::from(replaced.is_some_and(|ticket| shelf.is_live(ticket)));
        let full = live >= self.max || (replaced.is_none() && shelf.is_full());
        let weighs = self.bound.max_weight.is_some();
        full || (weighs && live > 0 && shelf.split().1.weight() > self.max_weight.saturating_sub(weight))
    }

    /// How many removed entries come together before readers are asked whether they still look at them. That costs about 2 us
    /// where other threads run, so a small cache lets go of its values at once, and a large one of a few at a time.
    pub(super) fn batch(&self) -> usize {
        match self.kind.needs_drop() || self.ages.tagged {
            true if epoch::readers() <= 1 => 1,
            true => (self.max / 64).clamp(1, 256),
            false => (self.max / 32).clamp(16, 256),
        }
    }

    /// Takes out an entry, if it is still there.
    pub(crate) fn remove(&self, hash: u64, ticket: Ticket, now: Time, cause: RemovalCause) -> Removed {
        let part = self.part(hash);
        let mut removed = Removed::default();
        let mut shelf = part.shelf.write();
        if shelf.is_live(ticket) {
            self.take((part, &mut shelf), ticket, now, cause, &mut removed);
        }
        removed.garbage.push(shelf.collect(1));
        removed
    }

    /// Takes out those of these entries that are there and outdated.
    pub(crate) fn reap(&self, mut members: Vec<Member>) -> Removed {
        let mut removed = Removed::default();
        Member::sort(&mut members, self.parts.len());
        let part_of = |member: &Member| self.number_of_part(member.hash);
        for members in members.chunk_by(|one, other| part_of(one) == part_of(other)) {
            let part = self.part(members[0].hash);
            let mut shelf = part.shelf.write();
            for member in members {
                if shelf.is_live(member.ticket) && !shelf.split().0.is_current(member.ticket) {
                    self.take((part, &mut shelf), member.ticket, 0, RemovalCause::Explicit, &mut removed);
                }
            }
            let garbage = shelf.collect(1);
            drop(shelf);
            removed.garbage.push(garbage);
        }
        removed
    }

    /// Takes everything out.
    pub(crate) fn drain(&self, now: Time) -> Removed {
        let mut removed = Removed::default();
        for part in self.parts.iter() {
            let mut shelf = part.shelf.write();
            let (view, ranks) = shelf.split();
            for ticket in view.slots().tickets(0) {
                removed.count(self.fate(&view, ticket, now));
            }
            ranks.clear(&self.bound);
            shelf.clear(|view, ticket| self.fate(view, ticket, now).cause(RemovalCause::Explicit));
            part.note(&mut shelf);
            let garbage = shelf.collect(1);
            drop(shelf);
            removed.garbage.push(garbage);
        }
        removed
    }

    /// Shows every entry that has not ended to `matches`, and takes out those for which it says so.
    pub(super) fn remove_if(&self, now: Time, matches: &mut dyn FnMut(&AnyPair<'_>) -> bool) -> Removed {
        let mut removed = Removed::default();
        for part in self.parts.iter() {
            let mut next = Some(0);
            while let Some(start) = next {
                next = part.visit(start, &mut |ticket, deadline, pair| {
                    assert_unguarded();
                    if !is_past(deadline, now) && matches(pair) {
                        let mut shelf = part.shelf.write();
                        if shelf.is_live(ticket) {
                            self.take((part, &mut shelf), ticket, now, RemovalCause::Explicit, &mut removed);
                        }
                    }
                });
                let garbage = part.shelf.write().collect(1);
                removed.garbage.push(garbage);
            }
        }
        removed
    }

    /// Shows every fresh entry, with nothing locked.
    pub(super) fn for_each(&self, now: Time, show: &mut dyn FnMut(&AnyPair<'_>)) {
        for part in self.parts.iter() {
            let mut next = Some(0);
            while let Some(start) = next {
                next = part.visit(start, &mut |_, deadline, pair| {
                    assert_unguarded();
                    if !is_past(self.ages.fresh_until(deadline), now) {
                        show(pair);
                    }
                });
            }
        }
    }

    /// Whether a deadline may have passed.
    #[inline]
    pub(crate) fn is_due(&self, now: Time) -> bool {
        now >= self.due.load(Ordering::Relaxed)
    }

    /// Takes out expired entries that nobody asks for, a bounded number at a time, and goes on next time.
    pub(crate) fn sweep(&self, now: Time) -> Removed {
        let mut removed = Removed::default();
        let mut steps = STEPS;
        let start = self.cursor.load(Ordering::Relaxed);
        for step in 0..self.parts.len() {
            let at = (start + step) & (self.parts.len() - 1);
            let part = &self.parts[at];
            if now < part.deadline.load(Ordering::Relaxed) {
                continue;
            }
            // Who holds the lock is at work on this shelf; a later sweep comes back.
            let Some(mut shelf) = part.shelf.try_write() else {
                continue;
            };
            while removed.expired + removed.outdated < SWEEP {
                let (view, ranks) = shelf.split();
                let Some(ticket) = ranks.expired(&view, now, &mut steps) else { break };
                self.take((part, &mut shelf), ticket, now, RemovalCause::Expired, &mut removed);
            }
            part.note(&mut shelf);
            let garbage = shelf.collect(1);
            drop(shelf);
            removed.garbage.push(garbage);
            if removed.expired + removed.outdated >= SWEEP || steps == 0 {
                self.cursor.store(at, Ordering::Relaxed);
                return removed;
            }
        }
        self.set_due();
        removed
    }

    /// Works out when the next deadline may pass. An insertion at the same time could be overlooked, hence the
    /// order: first forget, then look; who inserts first notes its deadline at the shelf, then lowers `due`.
    fn set_due(&self) {
        self.due.store(u64::MAX, Ordering::SeqCst);
        let next = self.parts.iter().map(|part| part.deadline.load(Ordering::SeqCst)).min();
        self.due.fetch_min(next.unwrap_or(u64::MAX), Ordering::SeqCst);
    }

    /// What was removed from the shelf of this hash, is seen by nobody any more, and still waits to be dropped.
    pub(crate) fn collect_at(&self, hash: u64) -> Removed {
        let mut removed = Removed::default();
        let mut shelf = self.part(hash).shelf.write();
        if shelf.is_anything_resting() {
            removed.garbage.push(shelf.collect(1));
        }
        removed
    }

    /// The same of all shelves.
    pub(crate) fn collect(&self) -> Removed {
        let mut removed = Removed::default();
        for part in self.parts.iter() {
            let mut shelf = part.shelf.write();
            if shelf.is_anything_resting() {
                let garbage = shelf.collect(1);
                drop(shelf);
                removed.garbage.push(garbage);
            }
        }
        removed
    }
}

/// Written down, and not left to the compiler, which would work it out anew in each crate that has a table.
impl Drop for RawTable {
    fn drop(&mut self) {
        // SAFETY: the table is used no more.
        unsafe { ManuallyDrop::drop(&mut self.parts) };
    }
}

/// Shelves without a bound: enough that writers rarely meet, and that none is large when it grows.
fn unbounded_parts() -> usize {
    let threads = processors();
    (threads * 2).clamp(8, 64).next_power_of_two()
}

#[cfg(any(test, fuzzing))]
#[cfg_attr(fuzzing, allow(dead_code, reason = "for the unit tests"))]
impl RawTable {
    /// Slots that memory is held for.
    pub(crate) fn capacity(&self) -> usize {
        self.parts.iter().map(|part| part.shelf.write().capacity()).sum()
    }
}

#[cfg(any(test, fuzzing, debug_assertions))]
impl RawTable {
    /// Panics unless the structure is sound; O(n).
    pub(crate) fn assert_valid(&self) {
        let mut len = 0;
        for part in self.parts.iter() {
            let mut shelf = part.shelf.write();
            shelf.assert_valid();
            let (view, ranks) = shelf.split();
            ranks.assert_valid(&view);
            assert!(self.due.load(Ordering::Relaxed) <= ranks.next_deadline());
            len += shelf.live();
        }
        assert_eq!(len, self.len());
        assert!(len <= self.max && self.weight() <= self.max_weight);
    }
}
