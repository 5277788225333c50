//! In which order the entries of a shelf leave: for room, and for age.

use std::sync::atomic::Ordering;

use super::order::{Order, Ticket};
use super::shelf::View;
use super::stamp::{self, Stamp};
use crate::clock::{NEVER, Time, is_past};
use crate::info::PolicyKind;

/// Who leaves when the cache is full.
enum Eviction {
    /// Nobody.
    Nobody,
    /// The entry whose last use is longest ago.
    Lru { order: Order, seen: Stamp },
}

/// See the module's words. Protected by the writers' lock.
pub(super) struct Ranks {
    eviction: Eviction,
    deadlines: Order,
}

impl Ranks {
    pub(super) fn new(policy: PolicyKind) -> Self {
        let eviction = match policy {
            PolicyKind::Unbounded => Eviction::Nobody,
            PolicyKind::Lru => Eviction::Lru { order: Order::default(), seen: 0 },
        };
        Self { eviction, deadlines: Order::default() }
    }

    /// An entry came in. Returns its stamp, where there are any.
    pub(super) fn admit(&mut self, view: &View<'_>, ticket: Ticket, deadline: Time) -> Stamp {
        if deadline != NEVER {
            self.deadlines.push(deadline, ticket);
        }
        match &mut self.eviction {
            Eviction::Nobody => 0,
            Eviction::Lru { order, seen } => {
                *seen = stamp::next(*seen);
                view.stamp(ticket).inspect(|stamp| stamp.store(*seen, Ordering::Relaxed));
                order.push(*seen, ticket);
                *seen
            }
        }
    }

    /// An entry left otherwise than by [`victim`](Self::victim).
    pub(super) fn forget(&mut self, view: &View<'_>) {
        if let Eviction::Lru { order, .. } = &mut self.eviction {
            order.tidy(view.slots().live(), |ticket| last_use(view, ticket));
        }
        self.tidy(view);
    }

    /// Lets go of deadlines that are no more.
    fn tidy(&mut self, view: &View<'_>) {
        self.deadlines.tidy(view.slots().live(), |ticket| view.deadline(ticket));
    }

    /// Who leaves next: forgotten here, still on the shelf.
    pub(super) fn victim(&mut self, view: &View<'_>) -> Option<u32> {
        let victim = match &mut self.eviction {
            Eviction::Nobody => None,
            Eviction::Lru { order, .. } => order.least(|ticket| last_use(view, ticket)),
        };
        let any = || view.slots().tickets(0).next().map(|ticket| ticket.slot);
        victim.map(|(_, ticket)| ticket.slot).or_else(any)
    }

    /// The next deadline that can pass, or later; `Time::MAX` where none can.
    pub(super) fn next_deadline(&self) -> Time {
        self.deadlines.bound().unwrap_or(Time::MAX)
    }

    /// An entry whose deadline has passed.
    pub(super) fn expired(&mut self, view: &View<'_>, now: Time) -> Option<Ticket> {
        let (deadline, ticket) = self.deadlines.least(|ticket| view.deadline(ticket))?;
        is_past(deadline, now).then_some(ticket)
    }

    #[cfg(test)]
    pub(super) fn assert_valid(&self, view: &View<'_>) {
        let live = || view.slots().tickets(0);
        if let Eviction::Lru { order, .. } = &self.eviction {
            order.assert_valid(live(), |ticket| last_use(view, ticket));
        }
        let ageing = live().filter(|ticket| view.deadline(*ticket).is_some_and(|deadline| deadline != NEVER));
        self.deadlines.assert_valid(ageing, |ticket| view.deadline(ticket));
    }
}

fn last_use(view: &View<'_>, ticket: Ticket) -> Option<Stamp> {
    view.stamp(ticket).map(|stamp| stamp.load(Ordering::Relaxed))
}
