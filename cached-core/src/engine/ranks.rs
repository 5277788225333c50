//! In which order the entries of a shelf leave: for room, and for age. And what they weigh.

use super::events::Events;
use super::order::{Order, Ticket};
use super::returns::Returns;
use super::shelf::View;
use super::stamp::{self, Stamp};
use crate::clock::{NEVER, Time};
use crate::options::Bound;
use crate::policy::{Entries, Generation, Policy, PolicyKind, Record, Slot, mix};

/// Who leaves when the cache is full.
enum Eviction {
    /// Nobody.
    Nobody,
    /// The entry whose last use is longest ago.
    Lru { order: Order, seen: Stamp },
    /// As a policy says.
    Policy(Box<Ranked>),
}

struct Ranked {
    policy: Box<dyn Policy>,
    /// Where the policy is told of uses.
    generation: Option<Generation>,
    capacity: usize,
}

/// Which numbers a cache needs beside its entries.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for a lane")]
pub(super) struct Kinds {
    pub(super) deadlines: bool,
    pub(super) stamps: bool,
    pub(super) uses: bool,
    pub(super) hards: bool,
    pub(super) softs: bool,
    pub(super) tries: bool,
    pub(super) tags: bool,
    /// Not a number, but known at the same time: whether removals are told of.
    pub(super) listens: bool,
}

/// See the module's words. Protected by the writers' lock.
pub(super) struct Ranks {
    eviction: Eviction,
    deadlines: Order,
    /// What each slot's entry weighs, where that matters.
    weights: Option<Vec<u64>>,
    weight: u64,
    /// Made at the first eviction.
    returns: Option<Box<Returns>>,
}

impl Ranks {
    /// The order of a cache that is to be bounded like this, and the numbers it needs beside its entries.
    pub(super) fn new(bound: &Bound) -> (Self, Kinds, Option<Events>) {
        let (mut kinds, mut events) = (Kinds::default(), None);
        let capacity = bound.expected();
        let eviction = match bound.policy() {
            PolicyKind::Unbounded => Eviction::Nobody,
            PolicyKind::Lru => {
                kinds.stamps = true;
                Eviction::Lru { order: Order::default(), seen: 0 }
            }
            _ => {
                let policy = bound.make_policy(capacity);
                let record = policy.record();
                kinds.uses = record != Record::None;
                let generation = (record == Record::Thinned).then(|| Generation::new(capacity));
                events = match record {
                    Record::None | Record::Count(_) => None,
                    Record::Events | Record::Thinned => Some(Events::new(generation.as_ref())),
                };
                Eviction::Policy(Box::new(Ranked { policy, generation, capacity }))
            }
        };
        let weights = bound.max_weight.map(|_| Vec::new());
        (Self { eviction, deadlines: Order::default(), weights, weight: 0, returns: None }, kinds, events)
    }

    /// How often an entry's uses are counted at the most, where they are.
    pub(super) fn most_uses(&self) -> u8 {
        match &self.eviction {
            Eviction::Policy(ranked) => match ranked.policy.record() {
                Record::Count(most) => most,
                _ => 0,
            },
            _ => 0,
        }
    }

    /// What all entries weigh together.
    pub(super) fn weight(&self) -> u64 {
        self.weight
    }

    /// An entry with this tag came in. Returns its stamp, where there are any.
    #[inline(always)]
    pub(super) fn admit(
        &mut self,
        view: &View<'_>,
        events: Option<&Events>,
        (ticket, tag): (Ticket, u32),
        deadline: Time,
        weight: u64,
    ) -> Stamp {
        if deadline != NEVER {
            self.deadlines.push(deadline, ticket);
        }
        if let Some(weights) = &mut self.weights {
            let slot = ticket.slot as usize;
            weights.resize(weights.len().max(slot + 1), 0);
            weights[slot] = weight;
            self.weight += weight;
        }
        match &mut self.eviction {
            Eviction::Nobody => 0,
            Eviction::Lru { order, seen } => {
                *seen = stamp::next(*seen);
                view.set_stamp(ticket, *seen);
                order.push(*seen, ticket);
                *seen
            }
            Eviction::Policy(ranked) => {
                ranked.policy.insert(ticket.slot, widened(tag));
                if let (Some(generation), Some(events)) = (&mut ranked.generation, events) {
                    let mark = generation.inserted();
                    view.set_uses(ticket.slot, mark);
                    events.set_mark(generation.mark());
                }
                0
            }
        }
    }

    /// An entry is about to leave otherwise than as a [victim](Self::victim).
    pub(super) fn forget(&mut self, slot: u32) {
        if let Eviction::Policy(ranked) = &mut self.eviction {
            ranked.policy.remove(slot);
        }
        self.unweigh(slot);
    }

    fn unweigh(&mut self, slot: u32) {
        if let Some(weight) = self.weights.as_mut().and_then(|weights| weights.get_mut(slot as usize)) {
            self.weight -= std::mem::take(weight);
        }
    }

    /// Lets go of what has left, once there is much of it.
    pub(super) fn tidy(&mut self, view: &View<'_>) {
        let live = view.slots().live();
        if let Eviction::Lru { order, .. } = &mut self.eviction {
            order.tidy(live, |ticket| view.stamp(ticket));
        }
        self.deadlines.tidy(live, |ticket| view.deadline(ticket));
    }

    /// Tells the policy what was used.
    pub(super) fn learn(&mut self, view: &View<'_>, events: &Events) {
        if let Eviction::Policy(ranked) = &mut self.eviction {
            events.take(|slot| ranked.policy.used(slot, hash(view, slot)));
        }
    }

    /// Forgets all entries.
    pub(super) fn clear(&mut self, bound: &Bound) {
        let returns = self.returns.take();
        *self = Self::new(bound).0;
        self.returns = returns;
        if let Some(returns) = &mut self.returns {
            returns.clear();
        }
    }

    /// What has come back after it had to leave.
    pub(super) fn returns(&mut self) -> Option<&mut Returns> {
        self.returns.as_deref_mut()
    }

    /// A look-up for an entry that is about to come in found nothing, or something old.
    #[inline(always)]
    pub(super) fn missed(&mut self, view: &View<'_>, tag: u32, is_new: bool) {
        if let Some(returns) = self.returns.as_mut().filter(|_| is_new) {
            returns.comes(tag, view.slots().live());
        }
        if let Eviction::Policy(ranked) = &mut self.eviction {
            ranked.policy.missed(widened(tag));
        }
    }

    /// Who leaves next, for an entry that is about to come in: forgotten here, still on the shelf.
    #[inline(always)]
    pub(super) fn victim(&mut self, view: &View<'_>, incoming: u32) -> Option<u32> {
        let victim = match &mut self.eviction {
            Eviction::Nobody => None,
            Eviction::Lru { order, .. } => {
                order.take_least(|ticket| view.stamp(ticket)).map(|ticket| ticket.slot)
            }
            Eviction::Policy(ranked) => {
                if self.weights.is_some() {
                    ranked.fit(view.slots().live());
                }
                // What a policy says is not trusted: it may be a user's.
                let victim = ranked.policy.evict(widened(incoming), &mut Beside { view: *view });
                victim.filter(|slot| view.slots().ticket(*slot).is_some())
            }
        };
        let victim = victim.or_else(|| self.any(view));
        victim.inspect(|slot| {
            self.unweigh(*slot);
            self.returns.get_or_insert_default().leaves(view.slots().tag(*slot), view.slots().live());
        })
    }

    /// Anybody, where the policy has nobody to name.
    #[cold]
    fn any(&mut self, view: &View<'_>) -> Option<u32> {
        let any = view.slots().tickets(0).next()?.slot;
        self.forget(any);
        Some(any)
    }

    /// The next deadline that can pass, or later; `Time::MAX` where none can.
    pub(super) fn next_deadline(&self) -> Time {
        self.deadlines.bound().unwrap_or(Time::MAX)
    }

    /// An entry whose deadline has passed, if there is one; `steps` is how many may be looked at for that.
    pub(super) fn expired(&mut self, view: &View<'_>, now: Time, steps: &mut usize) -> Option<Ticket> {
        self.deadlines.due(now, steps, |ticket| view.deadline(ticket))
    }

    #[cfg(any(test, fuzzing, debug_assertions))]
    pub(super) fn assert_valid(&self, view: &View<'_>) {
        let live = || view.slots().tickets(0);
        match &self.eviction {
            Eviction::Nobody => {}
            Eviction::Lru { order, .. } => order.assert_valid(live(), |ticket| view.stamp(ticket)),
            Eviction::Policy(ranked) => {
                ranked.policy.validate();
                assert_eq!(ranked.policy.len(), view.slots().live());
                assert!(live().all(|ticket| ranked.policy.contains(ticket.slot)));
            }
        }
        if let Some(weights) = &self.weights {
            let sum: u64 = live().map(|ticket| weights[ticket.slot as usize]).sum();
            assert_eq!(sum, self.weight);
            assert_eq!(sum, weights.iter().sum(), "free slots weigh nothing");
        }
        let ageing = live().filter(|ticket| view.deadline(*ticket).is_some_and(|deadline| deadline != NEVER));
        self.deadlines.assert_valid(ageing, |ticket| view.deadline(ticket));
    }
}

impl Ranked {
    /// Where weights bound a cache, how many entries it holds shows only when it is full.
    fn fit(&mut self, live: usize) {
        if live > self.capacity.saturating_mul(2) || live < self.capacity / 2 {
            self.capacity = live.max(1);
            self.policy.set_capacity(self.capacity);
            if let Some(generation) = &mut self.generation {
                generation.set_capacity(self.capacity);
            }
        }
    }
}

/// What a policy may ask of the entries.
struct Beside<'a> {
    view: View<'a>,
}

impl Entries for Beside<'_> {
    fn take_uses(&mut self, slot: Slot) -> u8 {
        self.view.take_uses(slot)
    }

    fn hash(&self, slot: Slot) -> u64 {
        hash(&self.view, slot)
    }
}

/// The hash by which a policy knows an entry.
fn hash(view: &View<'_>, slot: u32) -> u64 {
    widened(view.slots().tag(slot))
}

/// 64 bits from the 31 that are kept: two keys in a thousand million look the same to a policy.
fn widened(tag: u32) -> u64 {
    mix(u64::from(tag))
}
