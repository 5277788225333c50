//! A whole cache in miniature, of hashes alone: how many hits would this policy have had?

use crate::family::Family;
use crate::hash::{FACTORS, spread};
use crate::sketch::Sketch;
use crate::{Entries, Slot};

/// In the index where there is no slot.
const NIL: u16 = u16::MAX;

/// A policy, the hashes it holds, by slot, and an index of them.
pub(crate) struct Mini {
    family: Family,
    held: Held,
    /// Slots by hash, open addressing, at most half full.
    index: Vec<u16>,
    capacity: usize,
}

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
    /// For `capacity` hashes, below 2^15.
    pub(crate) fn new(family: Family, capacity: usize) -> Self {
        Self {
            family,
            held: Held(Vec::new()),
            index: vec![NIL; (capacity * 2).next_power_of_two()],
            capacity,
        }
    }

    /// One access, which `sketch` has counted. True if it was a hit.
    pub(crate) fn access(&mut self, hash: u64, sketch: &Sketch) -> bool {
        let slot = self.index[self.probe(hash)];
        if slot != NIL {
            self.family.used(Slot::from(slot), hash);
            return true;
        }
        let slot = match self.held.0.len() < self.capacity {
            true => Some(self.held.0.len() as Slot),
            false => self.family.evict(hash, &mut self.held, sketch),
        };
        if let Some(slot) = slot {
            self.put(slot, hash);
            self.family.insert(slot, hash);
        }
        false
    }

    fn put(&mut self, slot: Slot, hash: u64) {
        let at = slot as usize;
        if at == self.held.0.len() {
            self.held.0.push(hash);
        } else {
            self.unindex(self.held.0[at]);
            self.held.0[at] = hash;
        }
        let place = self.probe(hash);
        self.index[place] = slot as u16;
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
        self.family.bytes() + self.held.0.capacity() * 8 + self.index.capacity() * 2
    }

    pub(crate) fn validate(&self) {
        self.family.validate();
        assert_eq!(self.family.len(), self.held.0.len());
        for (slot, &hash) in self.held.0.iter().enumerate() {
            assert_eq!(usize::from(self.index[self.probe(hash)]), slot, "each hash is found");
        }
        assert_eq!(self.index.iter().filter(|&&slot| slot != NIL).count(), self.held.0.len());
    }
}
