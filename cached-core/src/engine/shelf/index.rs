//! From the tag of a key to the slot of its entry: an open-addressed table of words that readers need no lock for.
//!
//! A word holds 31 bits of a key's hash, the *tag*, and the slot. A key's place is given by the highest bits of its
//! tag; who finds the place taken goes on to the next (linear probing), and eight words share a cache line. The words
//! do not close to a ring: behind the last place come some more, for what the last places push on. Words are all that
//! moves when an index grows, in rising order, and growing needs neither keys nor hashes. A word that leaves becomes a
//! mark to go past, so that nothing shifts under a reader; marks are cleared away when the index is made anew.

use std::sync::atomic::{AtomicU64, Ordering};

const EMPTY: u64 = 0;
const GONE: u64 = 1;
/// Set in every tag, and hence in every word that holds a slot. The lowest bit, as the highest give the place.
const HELD: u32 = 1;

/// The part of a hash by which an index knows a key.
#[inline(always)]
pub(in crate::engine) fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32 | HELD
}

#[inline]
fn word(tag: u32, slot: u32) -> u64 {
    u64::from(tag) << 32 | u64::from(slot)
}

#[inline(always)]
fn tag_of(word: u64) -> u32 {
    (word >> 32) as u32
}

#[inline]
fn is_held(word: u64) -> bool {
    tag_of(word) & HELD != 0
}

/// See the module's words. Changed by one thread at a time, read by many.
pub(super) struct Index {
    /// The places, the tail, and two words that stay empty: the second may be looked at, but never decides.
    words: Box<[AtomicU64]>,
    /// How far a tag is shifted to give its place.
    shift: u32,
}

/// The fewest places.
const LEAST: usize = 8;
/// Up to how many, which take 32 KiB, entries are worth more room.
const FEW: usize = 4096;

impl Index {
    /// An index with room for `entries`, and for half as many again before it [is full](Self::is_full_with).
    pub(super) fn with_room(entries: usize) -> Self {
        let places = (entries * 4).min((entries * 2).max(FEW * 2));
        let places = places.next_power_of_two().max(LEAST);
        // Clusters at the end are seldom longer.
        Self::with_tail(places, 4 + 2 * places.ilog2() as usize)
    }

    fn with_tail(places: usize, tail: usize) -> Self {
        let words = (0..places + tail + 2).map(|_| AtomicU64::new(EMPTY)).collect();
        Self { words, shift: 32 - places.ilog2() }
    }

    /// Whether so many words in use are too many: three quarters of the places, and of few places half as many.
    ///
    /// Each place that is looked at in vain is a guess of the processor's that fails, which is most of what a hit costs where
    /// memory does not.
    pub(super) fn is_full_with(&self, used: usize) -> bool {
        let places = self.capacity();
        let most = if places > FEW { places / 4 * 3 } else { places / 8 * 3 };
        used > most
    }

    fn tail(&self) -> usize {
        self.words.len() - self.capacity() - 2
    }

    /// Places that there are.
    pub(super) fn capacity(&self) -> usize {
        1 << (32 - self.shift)
    }

    /// The slots of all entries with this tag: those of the key, and seldom another.
    #[inline(always)]
    pub(super) fn probe(&self, tag: u32) -> Probe<'_> {
        Probe { words: &self.words, tag, at: self.place(tag) }
    }

    #[inline(always)]
    fn place(&self, tag: u32) -> usize {
        (tag >> self.shift) as usize
    }

    /// Enters a slot. Whether the word it took had never been used; `None` where there is none left.
    pub(super) fn insert(&self, tag: u32, slot: u32) -> Option<bool> {
        let place = self.place(tag);
        let last = self.words.len() - 2;
        let vacant = self.words[place..last].iter().find(|found| !is_held(found.load(Ordering::Relaxed)))?;
        let fresh = vacant.load(Ordering::Relaxed) == EMPTY;
        vacant.store(word(tag, slot), Ordering::Release);
        Some(fresh)
    }

    /// Puts a slot in the place of another of the same key, in one step. Whether that was there.
    pub(super) fn replace(&self, tag: u32, old: u32, new: u32) -> bool {
        let found = self.find(tag, old);
        if let Some(at) = found {
            self.words[at].store(word(tag, new), Ordering::Release);
        }
        found.is_some()
    }

    /// Takes a slot out; how many words that had been used are as if they had not.
    pub(super) fn remove(&self, tag: u32, slot: u32) -> Option<usize> {
        let at = self.find(tag, slot)?;
        // Nobody needs to go past a mark that is followed by nothing.
        if self.words[at + 1].load(Ordering::Relaxed) != EMPTY {
            self.words[at].store(GONE, Ordering::Release);
            return Some(0);
        }
        self.words[at].store(EMPTY, Ordering::Release);
        let marks = self.words[..at].iter().rev().take_while(|mark| mark.load(Ordering::Relaxed) == GONE);
        Some(1 + marks.inspect(|mark| mark.store(EMPTY, Ordering::Release)).count())
    }

    fn find(&self, tag: u32, slot: u32) -> Option<usize> {
        let wanted = word(tag, slot);
        (self.place(tag)..self.words.len()).find_map(|at| match self.words[at].load(Ordering::Relaxed) {
            EMPTY => Some(None),
            found => (found == wanted).then_some(Some(at)),
        })?
    }

    /// The same entries in an index with room for so many, without marks; and how many they are.
    pub(super) fn rebuilt(&self, room: usize) -> (Self, usize) {
        self.rebuilt_in(Self::with_room(room))
    }

    /// The same with a longer tail: for keys that all want the last places, as those of one hash may.
    pub(super) fn lengthened(&self) -> (Self, usize) {
        self.rebuilt_in(Self::with_tail(self.capacity(), self.tail() * 2))
    }

    fn rebuilt_in(&self, mut new: Self) -> (Self, usize) {
        loop {
            if let Some(entries) = self.copy_into(&new) {
                return (new, entries);
            }
            new = Self::with_tail(new.capacity(), new.tail() * 2);
        }
    }

    fn copy_into(&self, new: &Self) -> Option<usize> {
        let mut entries = 0;
        for word in &self.words {
            let word = word.load(Ordering::Relaxed);
            if is_held(word) {
                new.insert(tag_of(word), word as u32)?;
                entries += 1;
            }
        }
        Some(entries)
    }
}

/// See [`Index::probe`].
pub(super) struct Probe<'a> {
    words: &'a [AtomicU64],
    tag: u32,
    at: usize,
}

impl Probe<'_> {
    #[inline(always)]
    fn word(&self, at: usize) -> u64 {
        debug_assert!(at < self.words.len());
        // SAFETY: a place is at most the last, and probing stops at the last word but one, which is always empty.
        unsafe { self.words.get_unchecked(at) }.load(Ordering::Acquire)
    }
}

impl Iterator for Probe<'_> {
    type Item = u32;

    #[inline(always)]
    fn next(&mut self) -> Option<u32> {
        loop {
            let word = self.word(self.at);
            self.at += 1;
            if tag_of(word) == self.tag {
                return Some(word as u32);
            }
            if word == EMPTY {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_entered_is_found_until_it_is_taken_out() {
        // All of them want the last places.
        let index = Index::with_room(40);
        let full = (0..60).find(|slot| index.insert(u32::MAX - slot % 3 * 2, *slot).is_none());
        let entered = full.expect("the tail is short");
        let (longer, _) = index.lengthened();
        assert_eq!(longer.capacity(), index.capacity());
        assert!(longer.insert(u32::MAX, 99).is_some());
        let found = |tag: u32| index.probe(tag).collect::<Vec<u32>>();
        assert_eq!((0..3).map(|tag| found(u32::MAX - tag * 2).len()).sum::<usize>(), entered as usize);
        for slot in (0..entered).step_by(2) {
            assert!(index.remove(u32::MAX - slot % 3 * 2, slot).is_some());
            assert_eq!(index.remove(u32::MAX - slot % 3 * 2, slot), None);
        }
        assert!(found(u32::MAX).iter().all(|slot| slot % 2 == 1 && slot % 3 == 0));
        assert!(index.replace(u32::MAX, 3, 77) && !index.replace(u32::MAX, 3, 78));
        assert!(found(u32::MAX).contains(&77));
        let (new, entries) = index.rebuilt(1);
        assert_eq!(entries, entered as usize / 2);
        assert_eq!(new.probe(u32::MAX).collect::<Vec<_>>(), found(u32::MAX));
        assert_eq!(found(HELD | 5), Vec::<u32>::new());
    }

    #[test]
    fn marks_that_nobody_needs_are_cleared() {
        let index = Index::with_room(4);
        assert_eq!([1, 2, 3].map(|slot| index.insert(HELD | 1 << 28, slot)), [Some(true); 3]);
        assert_eq!(index.remove(HELD | 1 << 28, 2), Some(0));
        assert_eq!(index.remove(HELD | 1 << 28, 3), Some(2));
        assert_eq!(index.remove(HELD | 1 << 28, 1), Some(1));
        assert!(index.words.iter().all(|word| word.load(Ordering::Relaxed) == EMPTY));
    }
}
