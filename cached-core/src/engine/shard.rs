//! A part of a table: an index, its entries, their order and their deadlines. No lock, no clock, no callback: it
//! compares hashes alone, and hands out what it removes, so that user code runs elsewhere.

use std::sync::Arc;

use hashbrown::HashTable;

use super::entry::{Entry, Stamp, next_stamp};
use super::order::{Order, Ticket};
use super::policy::Policy;
use super::slab::Slab;
use crate::clock::{Time, is_past};

/// See the module's words.
pub(super) struct Shard<K, V> {
    index: HashTable<u32>,
    slab: Slab<K, V>,
    policy: Option<Box<dyn Policy>>,
    deadlines: Order,
    seen: Stamp,
}

type Shared<K, V> = Arc<Entry<K, V>>;

impl<K, V> Shard<K, V> {
    pub(super) fn new(policy: Option<Box<dyn Policy>>) -> Self {
        let (index, slab) = (HashTable::new(), Slab::default());
        Self { index, slab, policy, deadlines: Order::default(), seen: 0 }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.slab.len()
    }

    /// The latest stamp that a write to this shard has given.
    #[inline]
    pub(super) fn seen(&self) -> Stamp {
        self.seen
    }

    /// The first entry with this hash: nearly always the only one.
    #[inline]
    pub(super) fn first(&self, hash: u64) -> Option<&(Ticket, Shared<K, V>)> {
        let slab = &self.slab;
        let slot =
            self.index.find(hash, |&slot| slab.at(slot).is_some_and(|(_, entry)| entry.hash == hash))?;
        slab.at(*slot)
    }

    /// All entries with this hash.
    pub(super) fn all(&self, hash: u64) -> impl Iterator<Item = &(Ticket, Shared<K, V>)> {
        let tenants = self.index.iter_hash(hash).filter_map(|&slot| self.slab.at(slot));
        tenants.filter(move |(_, entry)| entry.hash == hash)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(Ticket, Shared<K, V>)> {
        self.slab.iter()
    }

    pub(super) fn insert(&mut self, entry: Shared<K, V>) {
        let stamp = next_stamp(self.seen);
        self.seen = stamp;
        entry.set_use(stamp);
        let (hash, deadline, ages) = (entry.hash, entry.deadline(), entry.ages());
        let ticket = self.slab.insert(entry);
        let slab = &self.slab;
        self.index.insert_unique(hash, ticket.slot, |&slot| slab.at(slot).map_or(0, |(_, entry)| entry.hash));
        if let Some(policy) = &mut self.policy {
            policy.inserted(ticket, stamp);
        }
        if ages {
            self.deadlines.push(deadline, ticket);
        }
    }

    /// Takes an entry out, if it is still there.
    pub(super) fn remove(&mut self, ticket: Ticket) -> Option<Shared<K, V>> {
        let entry = self.take(ticket)?;
        let (slab, live) = (&self.slab, self.slab.len());
        if let Some(policy) = &mut self.policy {
            policy.removed(live, &|ticket| last_use(slab, ticket));
        }
        if entry.ages() {
            self.deadlines.tidy(live, |ticket| slab.get(ticket).map(|entry| entry.deadline()));
        }
        self.give_back();
        Some(entry)
    }

    fn take(&mut self, ticket: Ticket) -> Option<Shared<K, V>> {
        let entry = self.slab.remove(ticket)?;
        if let Ok(found) = self.index.find_entry(entry.hash, |&slot| slot == ticket.slot) {
            found.remove();
        }
        Some(entry)
    }

    /// Returns the index's memory once most of it is unused.
    fn give_back(&mut self) {
        if self.index.capacity() > 128 && self.index.len() < self.index.capacity() / 4 {
            let slab = &self.slab;
            let room = self.index.len() * 2;
            self.index.shrink_to(room, |&slot| slab.at(slot).map_or(0, |(_, entry)| entry.hash));
        }
    }

    /// The entry that leaves next, settled.
    pub(super) fn victim(&mut self) -> Option<(Stamp, Ticket)> {
        let slab = &self.slab;
        self.policy.as_mut()?.victim(&|ticket| last_use(slab, ticket))
    }

    /// A lower bound of the next victim's stamp; `Stamp::MAX` where there is none.
    pub(super) fn bound(&self) -> Stamp {
        self.policy.as_ref().and_then(|policy| policy.bound()).unwrap_or(Stamp::MAX)
    }

    /// The next deadline that can pass, or later; `Time::MAX` where none can.
    pub(super) fn next_deadline(&self) -> Time {
        self.deadlines.bound().unwrap_or(Time::MAX)
    }

    /// Takes out up to `most` entries whose deadline has passed.
    pub(super) fn expire(&mut self, now: Time, most: usize, into: &mut Vec<Shared<K, V>>) {
        for _ in 0..most {
            let slab = &self.slab;
            let next = self.deadlines.least(|ticket| slab.get(ticket).map(|entry| entry.deadline()));
            match next {
                Some((deadline, ticket)) if is_past(deadline, now) => into.extend(self.remove(ticket)),
                _ => break,
            }
        }
    }

    /// Takes everything out.
    pub(super) fn drain(&mut self, policy: Option<Box<dyn Policy>>) -> Vec<Shared<K, V>> {
        let empty = Self { seen: self.seen, slab: self.slab.successor(), ..Self::new(policy) };
        let old = std::mem::replace(self, empty);
        old.slab.iter().map(|(_, entry)| Arc::clone(entry)).collect()
    }

    /// Slots that memory is held for.
    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.index.capacity().max(self.slab.capacity())
    }

    #[cfg(test)]
    pub(super) fn assert_valid(&self) {
        self.slab.assert_valid();
        assert_eq!(self.index.len(), self.slab.len());
        let live: Vec<Ticket> = self.iter().map(|(ticket, _)| *ticket).collect();
        for (ticket, entry) in self.iter() {
            assert!(self.all(entry.hash).any(|(found, _)| found == ticket), "each entry is indexed");
        }
        let last_use = |ticket| last_use(&self.slab, ticket);
        if let Some(policy) = &self.policy {
            policy.assert_valid(&live, &last_use);
        }
        let deadline = |ticket| self.slab.get(ticket).map(|entry| entry.deadline());
        let ageing = self.iter().filter(|(_, entry)| entry.ages()).map(|(ticket, _)| *ticket);
        self.deadlines.assert_valid(ageing, deadline);
    }
}

fn last_use<K, V>(slab: &Slab<K, V>, ticket: Ticket) -> Option<Stamp> {
    slab.get(ticket).map(|entry| entry.last_use())
}
