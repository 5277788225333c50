//! Entries by slot: small numbers that the policies can hold instead of keys.

use std::sync::Arc;

use super::entry::Entry;
use super::order::Ticket;

/// An entry in its slot.
type Tenant<K, V> = (Ticket, Arc<Entry<K, V>>);

/// The entries of a shard. A slot is used again after its entry left; the [`Ticket`] tells the tenants apart.
pub(crate) struct Slab<K, V> {
    slots: Vec<Option<Tenant<K, V>>>,
    free: Vec<u32>,
    tickets: u32,
    len: usize,
}

impl<K, V> Default for Slab<K, V> {
    fn default() -> Self {
        Self { slots: Vec::new(), free: Vec::new(), tickets: 0, len: 0 }
    }
}

impl<K, V> Slab<K, V> {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn insert(&mut self, entry: Arc<Entry<K, V>>) -> Ticket {
        self.tickets = self.tickets.wrapping_add(1);
        let slot = self.free_slot();
        let ticket = Ticket { slot, serial: self.tickets };
        self.slots[slot as usize] = Some((ticket, entry));
        self.len += 1;
        ticket
    }

    fn free_slot(&mut self) -> u32 {
        while let Some(slot) = self.free.pop() {
            // A slot past the end was cut off after it was set free.
            if (slot as usize) < self.slots.len() {
                return slot;
            }
        }
        let slot = u32::try_from(self.slots.len()).expect("a shard holds less than 2^32 entries");
        self.slots.push(None);
        slot
    }

    /// The entry in a slot, with its ticket.
    #[inline]
    pub(crate) fn at(&self, slot: u32) -> Option<&Tenant<K, V>> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// The entry that a ticket was given to, if it is still here.
    #[inline]
    pub(crate) fn get(&self, ticket: Ticket) -> Option<&Arc<Entry<K, V>>> {
        self.at(ticket.slot).filter(|(own, _)| *own == ticket).map(|(_, entry)| entry)
    }

    pub(crate) fn remove(&mut self, ticket: Ticket) -> Option<Arc<Entry<K, V>>> {
        self.get(ticket)?;
        let (_, entry) = self.slots[ticket.slot as usize].take()?;
        self.free.push(ticket.slot);
        self.len -= 1;
        self.give_back();
        Some(entry)
    }

    /// Cuts off empty slots at the end, and returns memory once most of it is unused.
    fn give_back(&mut self) {
        while let Some(None) = self.slots.last() {
            self.slots.pop();
        }
        if self.slots.capacity() > 128 && self.slots.len() < self.slots.capacity() / 4 {
            self.slots.shrink_to(self.slots.len() * 2);
            self.free.retain(|&slot| (slot as usize) < self.slots.len());
            self.free.shrink_to_fit();
        }
    }

    /// An empty slab that gives no ticket which this one has given.
    pub(crate) fn successor(&self) -> Self {
        Self { tickets: self.tickets, ..Self::default() }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Tenant<K, V>> {
        self.slots.iter().flatten()
    }

    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.slots.capacity()
    }

    #[cfg(test)]
    pub(crate) fn assert_valid(&self) {
        assert_eq!(self.iter().count(), self.len);
        let free = self.free.iter().filter(|&&slot| (slot as usize) < self.slots.len()).count();
        assert_eq!(free, self.slots.len() - self.len, "each empty slot is on the free list once");
        for (slot, tenant) in self.slots.iter().enumerate() {
            assert!(tenant.as_ref().is_none_or(|(ticket, _)| ticket.slot as usize == slot));
        }
    }
}
