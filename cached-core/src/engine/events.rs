//! Uses on their way from readers to a policy, in rings that readers write without a lock.
//!
//! A thread has a ring of its own, and puts slots into it with plain stores. Whoever holds the writers' lock takes them out. A
//! full ring is emptied by its owner, if the lock is free; if not, the oldest uses are overwritten, and a few uses less
//! are known of entries that are used all the time. Threads beyond the number of rings share the last one, where one may
//! overwrite what another puts in at the same time.

use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

use crate::policy::Generation;
use crate::sync::{Padded, processors};

/// Uses in a ring. A power of two.
const LENGTH: u32 = 64;

/// So many uses of one entry in a row are told: the number at which the counters of a frequency sketch stop. More would
/// not change where the entry stands.
const IN_A_ROW: u32 = 15;

struct Ring {
    slots: [AtomicU32; LENGTH as usize],
    /// Uses that were ever put in, and taken out; they wrap around.
    put: AtomicU32,
    taken: AtomicU32,
    /// How many uses before the last were of the same entry.
    again: AtomicU32,
}

impl Default for Ring {
    fn default() -> Self {
        let slots = [const { AtomicU32::new(0) }; LENGTH as usize];
        Self { slots, put: AtomicU32::new(0), taken: AtomicU32::new(0), again: AtomicU32::new(0) }
    }
}

/// See the module's words.
pub(super) struct Events {
    rings: Box<[Padded<Ring>]>,
    /// The mark of an entry that was told of in the present generation; [`EVERY`] where uses are not thinned out.
    mark: AtomicU8,
}

/// No generation's mark.
const EVERY: u8 = 0;

impl Events {
    /// For a policy that wants every use, or each entry's first in a generation.
    pub(super) fn new(generation: Option<&Generation>) -> Self {
        let threads = processors();
        let rings = (0..=(threads * 2).clamp(4, 32)).map(|_| Padded::default()).collect();
        Self { rings, mark: AtomicU8::new(generation.map_or(EVERY, Generation::mark)) }
    }

    pub(super) fn are_thinned(&self) -> bool {
        self.mark() != EVERY
    }

    /// The mark of an entry that was told of in the present generation.
    #[inline(always)]
    pub(super) fn mark(&self) -> u8 {
        self.mark.load(Ordering::Relaxed)
    }

    /// Notes a use, unless one was told in this generation. Whether this thread's ring is full now.
    #[inline]
    pub(super) fn note(&self, thread: usize, slot: u32, told: &AtomicU8) -> bool {
        let mark = self.mark();
        if mark == EVERY {
            return self.put_another(thread, slot);
        }
        if told.load(Ordering::Relaxed) == mark {
            return false;
        }
        told.store(mark, Ordering::Relaxed);
        self.put(thread, slot)
    }

    /// Puts a slot in, unless it was put in [often](IN_A_ROW) enough just now.
    #[inline]
    fn put_another(&self, thread: usize, slot: u32) -> bool {
        let ring = &self.rings[thread.min(self.rings.len() - 1)];
        let (put, taken) = (ring.put.load(Ordering::Relaxed), ring.taken.load(Ordering::Relaxed));
        let last = &ring.slots[(put.wrapping_sub(1) % LENGTH) as usize];
        let again = if put != taken && last.load(Ordering::Relaxed) == slot {
            ring.again.load(Ordering::Relaxed) + 1
        } else {
            0
        };
        if again >= IN_A_ROW {
            return false;
        }
        ring.again.store(again, Ordering::Relaxed);
        self.put(thread, slot)
    }

    #[inline]
    fn put(&self, thread: usize, slot: u32) -> bool {
        let ring = &self.rings[thread.min(self.rings.len() - 1)];
        let put = ring.put.load(Ordering::Relaxed);
        ring.slots[(put % LENGTH) as usize].store(slot, Ordering::Relaxed);
        ring.put.store(put.wrapping_add(1), Ordering::Release);
        put.wrapping_sub(ring.taken.load(Ordering::Relaxed)) >= LENGTH - 1
    }

    pub(super) fn set_mark(&self, mark: u8) {
        if self.mark() != mark {
            self.mark.store(mark, Ordering::Relaxed);
        }
    }

    /// Takes out all uses, those of one thread in their order. For whoever holds the writers' lock.
    pub(super) fn take(&self, mut used: impl FnMut(u32)) {
        for ring in &self.rings {
            let put = ring.put.load(Ordering::Acquire);
            let mut next = ring.taken.load(Ordering::Relaxed);
            if put == next {
                continue;
            }
            if put.wrapping_sub(next) > LENGTH {
                next = put.wrapping_sub(LENGTH);
            }
            while next != put {
                used(ring.slots[(next % LENGTH) as usize].load(Ordering::Relaxed));
                next = next.wrapping_add(1);
            }
            ring.taken.store(put, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_use_is_told_but_for_many_in_a_row() {
        let events = Events::new(None);
        let told = AtomicU8::new(0);
        let note = |slots: &[u32]| slots.iter().for_each(|&slot| assert!(!events.note(0, slot, &told)));
        let taken = || {
            let mut taken = Vec::new();
            events.take(|slot| taken.push(slot));
            taken
        };
        note(&[1, 2, 2, 2, 1, 2]);
        assert_eq!(taken(), [1, 2, 2, 2, 1, 2]);
        note(&[2; 100]);
        note(&[1, 2]);
        assert_eq!(taken(), [[2; 15].as_slice(), &[1, 2]].concat());
        note(&[2]);
        assert_eq!(taken(), [2], "what came in meanwhile may have changed where it stands");
    }

    #[test]
    fn a_use_is_told_once_in_a_generation_and_in_order() {
        let events = Events::new(None);
        let told: Vec<AtomicU8> = (0..200).map(|_| AtomicU8::new(0)).collect();
        events.set_mark(1);
        let full: Vec<bool> = (0..64).map(|slot| events.note(0, slot, &told[slot as usize])).collect();
        assert_eq!(full.iter().position(|full| *full), Some(63));
        assert!((0..64).all(|slot| !events.note(0, slot, &told[slot as usize])));
        assert!(!events.note(1, 100, &told[100]));
        let mut taken = Vec::new();
        events.take(|slot| taken.push(slot));
        assert_eq!(taken, (0..64).chain([100]).collect::<Vec<u32>>());
        events.set_mark(2);
        (0..200).for_each(|slot| _ = events.note(0, slot, &told[slot as usize]));
        taken.clear();
        events.take(|slot| taken.push(slot));
        assert_eq!(taken, (136..200).collect::<Vec<u32>>(), "the oldest are lost");
        events.take(|_| panic!("nothing is left"));
    }
}
