//! A queue of slots by a number that only ever grows: the last use, or the deadline.
//!
//! The number of an entry may rise without the queue being told, so what is queued is a lower bound. Whoever asks
//! for the least settles it: an entry whose number has risen goes back with the new one, an entry that has left is
//! dropped, and the first whose number is still true is the least of all. A hit thereby pays nothing but its stamp.
//!
//! Numbers mostly arrive in rising order (stamps of inserted entries, deadlines under one ttl): those are queued in
//! a ring, O(1); the others in a heap, O(log n).

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// An entry as the policies know it: its slot, and a serial that no earlier tenant of the slot had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket {
    pub(crate) slot: u32,
    pub(crate) serial: u32,
}

/// See the module's words.
#[derive(Default)]
pub(crate) struct Order {
    rising: VecDeque<(u64, Ticket)>,
    others: BinaryHeap<Reverse<(u64, Ticket)>>,
}

impl Order {
    pub(crate) fn push(&mut self, bound: u64, ticket: Ticket) {
        if self.rising.back().is_none_or(|&(last, _)| last <= bound) {
            self.rising.push_back((bound, ticket));
        } else {
            self.others.push(Reverse((bound, ticket)));
        }
    }

    /// A lower bound of all numbers, without settling anything.
    pub(crate) fn bound(&self) -> Option<u64> {
        self.peek().map(|(bound, _)| bound)
    }

    fn peek(&self) -> Option<(u64, Ticket)> {
        let rising = self.rising.front().copied();
        let other = self.others.peek().map(|Reverse(item)| *item);
        match (rising, other) {
            (Some(rising), Some(other)) => Some(rising.min(other)),
            (rising, other) => rising.or(other),
        }
    }

    fn pop(&mut self) -> Option<(u64, Ticket)> {
        let least = self.peek()?;
        if self.rising.front() == Some(&least) {
            self.rising.pop_front()
        } else {
            self.others.pop().map(|Reverse(item)| item)
        }
    }

    /// The entry with the least number. `current` gives an entry's number now, or `None` if it has left.
    /// Cost: one step for each entry that left or rose since it was queued, paid once.
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
                None => _ = self.pop(),
            }
            debug_assert!(bound <= limit);
        }
        None
    }

    /// The same, taken out of the queue.
    pub(crate) fn take_least(&mut self, current: impl Fn(Ticket) -> Option<u64>) -> Option<Ticket> {
        self.least(current)?;
        self.pop().map(|(_, ticket)| ticket)
    }

    /// Drops what has left once it outweighs what is `live`, so that entries that leave by other ways than through
    /// this queue (invalidation) cannot make it grow.
    pub(crate) fn tidy(&mut self, live: usize, current: impl Fn(Ticket) -> Option<u64>) {
        if self.rising.len() + self.others.len() <= live * 2 + 64 {
            return;
        }
        self.rising.retain(|&(_, ticket)| current(ticket).is_some());
        self.others.retain(|&Reverse((_, ticket))| current(ticket).is_some());
        self.rising.shrink_to(live + 64);
        self.others.shrink_to(live + 64);
    }

    #[cfg(any(test, fuzzing, debug_assertions))]
    pub(crate) fn assert_valid(
        &self,
        live: impl Iterator<Item = Ticket>,
        current: impl Fn(Ticket) -> Option<u64>,
    ) {
        assert!(self.rising.iter().zip(self.rising.iter().skip(1)).all(|(a, b)| a.0 <= b.0));
        let items = || self.rising.iter().copied().chain(self.others.iter().map(|Reverse(item)| *item));
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
    use std::cell::RefCell;
    use std::collections::HashMap;

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

    #[test]
    fn what_left_does_not_pile_up() {
        let mut order = Order::default();
        for number in 0..100_000_u32 {
            order.push(u64::from(number), ticket(number));
            order.tidy(1, |other| (other.slot == number).then_some(0));
            assert!(order.rising.len() + order.others.len() <= 66);
        }
    }

    impl std::hash::Hash for Ticket {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            (self.slot, self.serial).hash(state);
        }
    }
}
