//! Least recently used: the entry leaves whose last use is longest ago. Exact in what one thread sees.

use super::{Policy, Stamp, Ticket};
use crate::engine::order::Order;

/// Entries by their last use, settled when a victim is wanted.
#[derive(Default)]
pub(crate) struct Lru(Order);

impl Policy for Lru {
    fn inserted(&mut self, ticket: Ticket, stamp: Stamp) {
        self.0.push(stamp, ticket);
    }

    fn removed(&mut self, live: usize, last_use: &dyn Fn(Ticket) -> Option<Stamp>) {
        self.0.tidy(live, last_use);
    }

    fn victim(&mut self, last_use: &dyn Fn(Ticket) -> Option<Stamp>) -> Option<(Stamp, Ticket)> {
        self.0.least(last_use)
    }

    fn bound(&self) -> Option<Stamp> {
        self.0.bound()
    }

    #[cfg(test)]
    fn assert_valid(&self, live: &[Ticket], last_use: &dyn Fn(Ticket) -> Option<Stamp>) {
        self.0.assert_valid(live.iter().copied(), last_use);
    }
}
