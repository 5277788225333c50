//! A whole cache in miniature, of hashes alone: how many hits would this policy have had?

use super::family::{Family, Kind};
use super::hash::{FACTORS, spread};
use super::memory::Grade;
use super::sketch::Sketch;
use super::{Entries, Slot};

/// In the index where there is no slot.
const NIL: u16 = u16::MAX;

/// A policy, the hashes it holds, by slot, and an index of them.
#[derive(Debug)]
pub(crate) struct Mini {
    family: Family,
    held: Held,
    free: Vec<u16>,
    /// Slots by hash, open addressing, at most half full.
    index: Vec<u16>,
    capacity: usize,
}

#[derive(Debug)]
struct Held(Vec<u64>);

impl Entries for Held {
    fn take_uses(&mut self, _slot: Slot) -> u8 {
        // A family counts its uses itself.
        0
    }

    fn hash(&self, slot: Slot) -> u64 {
        self.0[slot as usize]
    }
}

impl Mini {
    /// For `capacity` hashes, which may become `most` later; below 2^15.
    pub(crate) fn new(family: Family, capacity: usize, most: usize) -> Self {
        let index = vec![NIL; (most * 2).next_power_of_two()];
        Self { family, held: Held(Vec::new()), free: Vec::new(), index, capacity }
    }

    /// For another capacity; what no longer finds room leaves.
    pub(crate) fn resize(&mut self, capacity: usize, grade: Grade, kind: Kind, sketch: &Sketch) {
        self.capacity = capacity;
        self.family.resize(capacity, grade, kind.window(capacity));
        while self.family.len() > capacity && self.evict(0, sketch).is_some() {}
    }

    fn evict(&mut self, incoming: u64, sketch: &Sketch) -> Option<Slot> {
        let slot = self.family.evict(incoming, &mut self.held, sketch)?;
        self.unindex(self.held.0[slot as usize]);
        self.free.push(slot as u16);
        Some(slot)
    }

    /// One access, which `sketch` has counted. True if it was a hit.
    pub(crate) fn access(&mut self, hash: u64, sketch: &Sketch) -> bool {
        let slot = self.index[self.probe(hash)];
        if slot != NIL {
            self.family.used(Slot::from(slot), hash);
            return true;
        }
        if self.capacity > 0 {
            if self.family.len() >= self.capacity {
                self.evict(hash, sketch);
            }
            let slot = self.put(hash);
            self.family.insert(slot, hash);
        }
        false
    }

    fn put(&mut self, hash: u64) -> Slot {
        let slot = self.free.pop().unwrap_or(self.held.0.len() as u16);
        match self.held.0.get_mut(usize::from(slot)) {
            Some(held) => *held = hash,
            None => self.held.0.push(hash),
        }
        let place = self.probe(hash);
        self.index[place] = slot;
        Slot::from(slot)
    }

    #[inline]
    fn home(&self, hash: u64) -> usize {
        spread(hash, FACTORS[0]) as usize & (self.index.len() - 1)
    }

    #[inline]
    fn probe(&self, hash: u64) -> usize {
        let mut at = self.home(hash);
        while self.index[at] != NIL && self.held.0[usize::from(self.index[at])] != hash {
            at = (at + 1) & (self.index.len() - 1);
        }
        at
    }

    /// Takes a hash out of the index, and moves up those that were pushed past it by collisions.
    fn unindex(&mut self, hash: u64) {
        let mask = self.index.len() - 1;
        let mut hole = self.probe(hash);
        let mut at = (hole + 1) & mask;
        while self.index[at] != NIL {
            let home = self.home(self.held.0[usize::from(self.index[at])]);
            if at.wrapping_sub(home) & mask >= at.wrapping_sub(hole) & mask {
                self.index[hole] = self.index[at];
                hole = at;
            }
            at = (at + 1) & mask;
        }
        self.index[hole] = NIL;
    }

    pub(crate) fn bytes(&self) -> usize {
        self.family.bytes() + self.held.0.capacity() * 8 + (self.free.capacity() + self.index.capacity()) * 2
    }

    pub(crate) fn validate(&self) {
        self.family.validate();
        assert_eq!(self.family.len() + self.free.len(), self.held.0.len());
        assert!(self.family.len() <= self.capacity);
        for (slot, &hash) in self.held.0.iter().enumerate() {
            let found = usize::from(self.index[self.probe(hash)]) == slot;
            assert_eq!(found, !self.free.contains(&(slot as u16)), "each hash that is held is found");
        }
        assert_eq!(self.index.iter().filter(|&&slot| slot != NIL).count(), self.family.len());
    }
}
