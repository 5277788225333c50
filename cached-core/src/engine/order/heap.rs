//! A binary heap out of which any item can be taken.

use super::Item;

/// The least item first.
#[derive(Default)]
pub(super) struct Heap(Vec<Item>);

impl Heap {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn peek(&self) -> Option<Item> {
        self.get(0)
    }

    /// The item at a place, which means nothing but that it is there.
    pub(super) fn get(&self, at: usize) -> Option<Item> {
        self.0.get(at).copied()
    }

    pub(super) fn push(&mut self, item: Item) {
        self.0.push(item);
        self.rise(self.0.len() - 1);
    }

    /// Takes out the item at a place. O(log n).
    pub(super) fn remove(&mut self, at: usize) -> Item {
        let item = self.0.swap_remove(at);
        if at < self.0.len() {
            self.sink(at);
            self.rise(at);
        }
        item
    }

    fn rise(&mut self, mut at: usize) {
        while at > 0 && self.0[at] < self.0[(at - 1) / 2] {
            self.0.swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    fn sink(&mut self, mut at: usize) {
        loop {
            let mut least = at * 2 + 1;
            if least + 1 < self.0.len() && self.0[least + 1] < self.0[least] {
                least += 1;
            }
            if least >= self.0.len() || self.0[at] <= self.0[least] {
                return;
            }
            self.0.swap(at, least);
            at = least;
        }
    }

    /// Gives memory back where most of it is empty.
    pub(super) fn shrink(&mut self) {
        if self.0.len() * 4 + 64 < self.0.capacity() {
            self.0.shrink_to(self.0.len() * 2 + 64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Ticket;
    use super::*;

    #[test]
    fn whatever_is_taken_out_the_least_comes_first() {
        let (mut heap, mut model) = (Heap::default(), Vec::new());
        let mut number = 1_u64;
        for slot in 0..if cfg!(miri) { 200 } else { 5000 } {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            if number >> 62 != 0 {
                let item = (number >> 40, Ticket { slot, serial: 1 });
                heap.push(item);
                model.push(item);
            } else if heap.len() > 0 {
                let item = heap.remove((number >> 8) as usize % heap.len());
                model.retain(|other| *other != item);
            }
            heap.shrink();
            assert_eq!((heap.len(), heap.peek()), (model.len(), model.iter().min().copied()));
        }
        model.sort_unstable();
        assert!(model.into_iter().all(|item| heap.remove(0) == item));
    }
}
