//! Doubly linked lists over slots: any number of lists share one array of links, and each slot is in one of them at
//! most. A hit moves its slot in O(1) and touches one link of its own and those of its neighbours.

use super::Slot;

/// No slot: the end of a list.
pub(crate) const NIL: u32 = u32::MAX;
/// In both links of a slot that is in no list.
const OUT: u32 = u32::MAX - 1;

/// The links of all slots: the neighbour towards the front, and the one towards the back.
#[derive(Debug, Default)]
pub(crate) struct Links(Vec<[u32; 2]>);

/// The ends of one list. The front is the newest, or the most recently used, in every policy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    pub(crate) front: u32,
    pub(crate) back: u32,
    pub(crate) len: usize,
}

impl Default for List {
    fn default() -> Self {
        Self { front: NIL, back: NIL, len: 0 }
    }
}

impl List {
    /// The slot that has been in for the longest.
    #[inline]
    pub(crate) fn oldest(&self) -> Option<Slot> {
        (self.back != NIL).then_some(self.back)
    }
}

/// Room for `slot` in a vector that holds something for each slot. Grows by doubling, but not past `capacity` while
/// slots stay below it, so that a full cache holds no spare room.
#[inline]
pub(crate) fn make_room<T: Clone>(vec: &mut Vec<T>, slot: Slot, capacity: usize, empty: T) {
    if slot as usize >= vec.len() {
        extend(vec, slot as usize + 1, capacity, empty);
    }
}

#[cold]
fn extend<T: Clone>(vec: &mut Vec<T>, needed: usize, capacity: usize, empty: T) {
    if needed > vec.capacity() {
        let room = (vec.capacity() * 2).max(16).min(capacity).max(needed);
        vec.reserve_exact(room - vec.len());
    }
    vec.resize(needed, empty);
}

impl Links {
    /// Room for `slot`, see [`make_room`].
    #[inline]
    pub(crate) fn make_room(&mut self, slot: Slot, capacity: usize) {
        make_room(&mut self.0, slot, capacity, [OUT; 2]);
    }

    /// Whether the slot is in a list.
    #[inline]
    pub(crate) fn contains(&self, slot: Slot) -> bool {
        self.0.get(slot as usize).is_some_and(|links| links[0] != OUT)
    }

    /// The neighbour towards the front.
    #[inline]
    pub(crate) fn newer(&self, slot: Slot) -> u32 {
        self.0[slot as usize][0]
    }

    #[inline]
    pub(crate) fn push_front(&mut self, list: &mut List, slot: Slot) {
        debug_assert!(!self.contains(slot), "a slot is in one list");
        self.0[slot as usize] = [NIL, list.front];
        match list.front {
            NIL => list.back = slot,
            front => self.0[front as usize][0] = slot,
        }
        list.front = slot;
        list.len += 1;
    }

    #[inline]
    pub(crate) fn unlink(&mut self, list: &mut List, slot: Slot) {
        let [newer, older] = std::mem::replace(&mut self.0[slot as usize], [OUT; 2]);
        debug_assert!(newer != OUT, "only what is in a list is taken out");
        match newer {
            NIL => list.front = older,
            _ => self.0[newer as usize][1] = older,
        }
        match older {
            NIL => list.back = newer,
            _ => self.0[older as usize][0] = newer,
        }
        list.len -= 1;
    }

    #[inline]
    pub(crate) fn move_to_front(&mut self, list: &mut List, slot: Slot) {
        if list.front != slot {
            self.unlink(list, slot);
            self.push_front(list, slot);
        }
    }

    #[inline]
    pub(crate) fn pop_back(&mut self, list: &mut List) -> Option<Slot> {
        let slot = list.oldest()?;
        self.unlink(list, slot);
        Some(slot)
    }

    /// Two lists as one, the second at the back of the first. O(1).
    pub(crate) fn chain(&mut self, newer: List, older: List) -> List {
        if newer.len == 0 || older.len == 0 {
            return if newer.len == 0 { older } else { newer };
        }
        self.0[newer.back as usize][1] = older.front;
        self.0[older.front as usize][0] = newer.back;
        List { front: newer.front, back: older.back, len: newer.len + older.len }
    }

    /// One more than the highest slot there is room for.
    pub(crate) fn room(&self) -> usize {
        self.0.len()
    }

    /// The slots of a list, oldest first.
    pub(crate) fn oldest_first(&self, list: &List) -> impl Iterator<Item = Slot> {
        let back = list.oldest();
        std::iter::successors(back, |&slot| Some(self.newer(slot)).filter(|&next| next != NIL))
    }

    /// Panics unless the lists are sound and hold, between them, every slot that is in a list.
    pub(crate) fn validate(&self, lists: &[&List]) {
        let mut seen = vec![false; self.0.len()];
        for list in lists {
            let mut older = NIL;
            for slot in self.oldest_first(list) {
                assert!(!std::mem::replace(&mut seen[slot as usize], true), "a slot is in one list, once");
                assert_eq!(self.0[slot as usize][1], older, "neighbours agree");
                older = slot;
            }
            assert_eq!(older, list.front, "the front is the last of the way");
            assert_eq!(self.oldest_first(list).count(), list.len);
        }
        let linked = (0..self.0.len()).filter(|&slot| self.0[slot][0] != OUT).count();
        assert_eq!(linked, seen.iter().filter(|&&seen| seen).count(), "no slot is linked outside the lists");
    }

    /// Bytes held on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<[u32; 2]>()
    }
}
