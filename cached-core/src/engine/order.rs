//! A queue of slots by a number that only ever grows: the last use, or the deadline.
//!
//! The number of an entry may rise without the queue being told, so what is queued is a lower bound. Whoever asks
//! for the least settles it: an entry whose number has risen goes back with the new one, an entry that has left is
//! dropped, and the first whose number is still true is the least of all. A hit thereby pays nothing but its stamp.
//!
//! Numbers mostly arrive in rising order (stamps of inserted entries, deadlines under one ttl): those are queued in
//! a ring, O(1); the others in a heap, O(log n).
//!
//! What leaves by other ways than through the queue (invalidation, replacement) is cleared out while later operations come, a few items
//! for each: however long the queue, no call pays for all of it.

mod heap;
mod ring;

use heap::Heap;
use ring::Ring;

/// An entry as the policies know it: its slot, and a serial that no earlier tenant of the slot had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket {
    pub(crate) slot: u32,
    pub(crate) serial: u32,
}

type Item = (u64, Ticket);

/// How many items one operation looks at for what has left.
const STEPS: usize = 8;

/// See the module's words.
#[derive(Default)]
pub(crate) struct Order {
    rising: Ring,
    /// The number of the last item that the ring was given.
    last: u64,
    others: Heap,
    scrub: Option<Scrub>,
}

/// How far the queue has been cleared of what has left.
#[derive(Default)]
struct Scrub {
    /// The first so many items of the ring have been looked at and stay.
    kept: usize,
    /// From here on they have not been looked at. In between is nothing.
    next: usize,
    /// So many of the heap have not been looked at. An item that is moved meanwhile may have to wait for the next time.
    others: usize,
}

impl Order {
    #[inline]
    pub(crate) fn push(&mut self, bound: u64, ticket: Ticket) {
        if self.last <= bound || self.rising.is_empty() {
            self.last = bound;
            self.rising.push_back((bound, ticket));
        } else {
            self.others.push((bound, ticket));
        }
    }

    /// A lower bound of all numbers, without settling anything.
    #[inline]
    pub(crate) fn bound(&self) -> Option<u64> {
        self.peek().map(|(bound, _)| bound)
    }

    #[inline]
    fn peek(&self) -> Option<Item> {
        match (self.rising.get(0), self.others.peek()) {
            (Some(rising), Some(other)) => Some(rising.min(other)),
            (rising, other) => rising.or(other),
        }
    }

    fn pop(&mut self) {
        if let Some(least) = self.peek() {
            self.drop_least(least);
        }
    }

    /// Takes out what [`peek`](Self::peek) gave.
    #[inline]
    fn drop_least(&mut self, least: Item) {
        if self.rising.get(0) == Some(least) {
            self.rising.skip(1);
            if let Some(scrub) = &mut self.scrub {
                // The first item has been looked at, or none has.
                scrub.kept = scrub.kept.saturating_sub(1);
                scrub.next = scrub.next.saturating_sub(1);
            }
            self.close_gap();
        } else {
            self.others.remove(0);
        }
    }

    /// So that the first item of the ring is one.
    #[inline]
    fn close_gap(&mut self) {
        if let Some(scrub) = self.scrub.as_mut().filter(|scrub| scrub.kept == 0) {
            self.rising.skip(std::mem::take(&mut scrub.next));
        }
    }

    /// The entry with the least number. `current` gives an entry's number now, or `None` if it has left.
    /// Cost: one step for each entry that left or rose since it was queued, paid once.
    #[inline]
    pub(crate) fn least(&mut self, current: impl Fn(Ticket) -> Option<u64>) -> Option<(u64, Ticket)> {
        loop {
            let (bound, ticket) = self.peek()?;
            let now = current(ticket);
            if now == Some(bound) {
                return Some((bound, ticket));
            }
            self.pop();
            if let Some(number) = now {
                self.push(number, ticket);
            }
        }
    }

    /// An entry whose number is not above `limit`, if there is one among the next `steps`, which are counted down.
    pub(crate) fn due(
        &mut self,
        limit: u64,
        steps: &mut usize,
        current: impl Fn(Ticket) -> Option<u64>,
    ) -> Option<Ticket> {
        while *steps > 0 {
            let (bound, ticket) = self.peek().filter(|(bound, _)| *bound <= limit)?;
            *steps -= 1;
            match current(ticket) {
                Some(number) if number <= limit => return Some(ticket),
                Some(number) => {
                    self.pop();
                    self.push(number, ticket);
                }
                None => self.pop(),
            }
            debug_assert!(bound <= limit);
        }
        None
    }

    /// The same, taken out of the queue.
    #[inline]
    pub(crate) fn take_least(&mut self, current: impl Fn(Ticket) -> Option<u64>) -> Option<Ticket> {
        // As where nothing was used since it came in.
        if self.others.len() == 0 && self.scrub.is_none() {
            if let Some((_, ticket)) = self.rising.get(0).filter(|(bound, of)| current(*of) == Some(*bound)) {
                self.rising.skip(1);
                return Some(ticket);
            }
        }
        let least = self.least(current)?;
        self.drop_least(least);
        Some(least.1)
    }

    /// Drops some of what has left once it outweighs what is `live`: looks at a few items at a time, from one end of the queue to the other.
    pub(crate) fn tidy(&mut self, live: usize, current: impl Fn(Ticket) -> Option<u64>) {
        if self.scrub.is_none() {
            if self.rising.len() + self.others.len() <= live * 2 + 64 {
                return;
            }
            self.scrub = Some(Scrub { others: self.others.len(), ..Scrub::default() });
        }
        for _ in 0..STEPS {
            if !self.scrub_one(&current) {
                return;
            }
        }
        self.close_gap();
    }

    /// Looks at one item; whether there may be more.
    fn scrub_one(&mut self, current: &impl Fn(Ticket) -> Option<u64>) -> bool {
        let Some(scrub) = &mut self.scrub else { return false };
        if let Some(item) = self.rising.get(scrub.next) {
            scrub.next += 1;
            if current(item.1).is_some() {
                self.rising.set(scrub.kept, item);
                scrub.kept += 1;
            }
            if scrub.next == self.rising.len() {
                self.rising.truncate(scrub.kept);
                scrub.next = scrub.kept;
            }
            return true;
        }
        scrub.others = scrub.others.min(self.others.len());
        let Some(at) = scrub.others.checked_sub(1) else {
            self.others.shrink();
            self.scrub = None;
            return false;
        };
        scrub.others = at;
        if self.others.get(at).is_some_and(|item| current(item.1).is_none()) {
            self.others.remove(at);
        }
        true
    }

    #[cfg(any(test, fuzzing, debug_assertions))]
    pub(crate) fn assert_valid(
        &self,
        live: impl Iterator<Item = Ticket>,
        current: impl Fn(Ticket) -> Option<u64>,
    ) {
        let (kept, next) = self.scrub.as_ref().map_or((0, 0), |scrub| (scrub.kept, scrub.next));
        assert!(kept > 0 || next == 0, "the first item is one");
        let rising = || (0..kept).chain(next..self.rising.len()).filter_map(|at| self.rising.get(at));
        assert!(rising().zip(rising().skip(1)).all(|(a, b)| a.0 <= b.0));
        let items = || rising().chain((0..self.others.len()).filter_map(|at| self.others.get(at)));
        for ticket in live {
            let mut own = items().filter(|(_, other)| *other == ticket);
            let (bound, _) = own.next().expect("each entry is queued");
            assert!(own.next().is_none(), "each entry is queued once");
            assert!(bound <= current(ticket).unwrap(), "what is queued is a lower bound");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::{Cell, RefCell};
    use std::collections::{HashMap, HashSet};

    fn ticket(slot: u32) -> Ticket {
        Ticket { slot, serial: 0 }
    }

    #[test]
    fn the_least_is_the_least_now_not_when_it_was_queued() {
        let numbers = RefCell::new(HashMap::from([(ticket(0), 1), (ticket(1), 2), (ticket(2), 3)]));
        let current = |ticket: Ticket| numbers.borrow().get(&ticket).copied();
        let mut order = Order::default();
        for slot in 0..3 {
            order.push(u64::from(slot) + 1, ticket(slot));
        }
        numbers.borrow_mut().insert(ticket(0), 9);
        assert_eq!(order.least(current), Some((2, ticket(1))));
        numbers.borrow_mut().remove(&ticket(1));
        assert_eq!(order.least(current), Some((3, ticket(2))));
        numbers.borrow_mut().remove(&ticket(2));
        assert_eq!(order.least(current), Some((9, ticket(0))));
    }

    /// Numbers without an order.
    fn mix(number: &mut u64) -> u64 {
        *number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *number >> 1
    }

    fn queued(order: &Order) -> usize {
        order.rising.len() + order.others.len()
    }

    #[test]
    fn what_left_does_not_pile_up() {
        for falling in [false, true] {
            let mut order = Order::default();
            for number in 0..if cfg!(miri) { 1000 } else { 100_000_u32 } {
                let bound = if falling { u64::from(u32::MAX - number) } else { u64::from(number) };
                order.push(bound, ticket(number));
                order.tidy(1, |other| (other.slot == number).then_some(bound));
                assert!(queued(&order) <= 90);
            }
        }
    }

    /// However long the queue is, an operation looks at a few of its items.
    #[test]
    fn no_call_pays_for_a_long_queue() {
        const LEN: u32 = if cfg!(miri) { 300 } else { 20_000 };
        let (looks, mut chance) = (Cell::new(0), 1);
        let (mut order, mut live) = (Order::default(), HashSet::new());
        for slot in 0..LEN {
            // Half of them rise.
            order.push(if slot % 2 == 0 { u64::from(slot) << 40 } else { mix(&mut chance) }, ticket(slot));
            live.insert(slot);
        }
        for slot in (0..LEN).rev() {
            live.remove(&slot);
            looks.set(0);
            order.tidy(live.len(), |ticket| {
                looks.set(looks.get() + 1);
                live.contains(&ticket.slot).then_some(0)
            });
            assert!(looks.get() <= STEPS);
        }
        assert!(queued(&order) <= 200, "{}", queued(&order));
    }

    /// Whatever is pushed, popped and forgotten in between, what is live is there once and comes out in its order.
    #[test]
    fn clearing_out_loses_nothing() {
        let (mut order, mut live, mut chance) = (Order::default(), HashMap::new(), 1);
        for slot in 0..if cfg!(miri) { 300 } else { 3_000_u32 } {
            let roll = mix(&mut chance);
            let number = if roll >> 62 == 0 { u64::from(slot) * 4 } else { roll >> 40 };
            order.push(number, ticket(slot));
            live.insert(ticket(slot), number);
            match roll >> 32 & 7 {
                0 => {
                    let least = order.take_least(|ticket| live.get(&ticket).copied());
                    let least = least.and_then(|ticket| live.remove(&ticket));
                    assert!(live.values().all(|number| Some(*number) >= least));
                }
                // Many at once, by other ways.
                1 if live.len() > 100 => live.retain(|ticket, _| ticket.slot % 7 == 0),
                2..=4 => _ = live.remove(&ticket(slot / 2)),
                _ => {}
            }
            order.tidy(live.len(), |ticket| live.get(&ticket).copied());
            if slot % 64 == 0 {
                order.assert_valid(live.keys().copied(), |ticket| live.get(&ticket).copied());
            }
        }
    }

    impl std::hash::Hash for Ticket {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            (self.slot, self.serial).hash(state);
        }
    }
}
