//! Items in the order in which they came, in blocks: to grow or to give memory back moves nothing.

use std::collections::VecDeque;

use super::{Item, Ticket};

const BLOCK: usize = 64;
const NOTHING: Item = (0, Ticket { slot: 0, serial: 0 });

/// See the module's words.
#[derive(Default)]
pub(super) struct Ring {
    blocks: VecDeque<Box<[Item; BLOCK]>>,
    /// The first item's place in the first block.
    start: usize,
    len: usize,
}

impl Ring {
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<Item> {
        let at = self.start + index;
        (index < self.len).then(|| self.blocks[at / BLOCK][at % BLOCK])
    }

    #[inline]
    pub(super) fn set(&mut self, index: usize, item: Item) {
        let at = self.start + index;
        self.blocks[at / BLOCK][at % BLOCK] = item;
    }

    #[inline]
    pub(super) fn push_back(&mut self, item: Item) {
        if self.start + self.len == self.blocks.len() * BLOCK {
            self.blocks.push_back(Box::new([NOTHING; BLOCK]));
        }
        self.len += 1;
        self.set(self.len - 1, item);
    }

    /// Drops so many items from the front.
    #[inline]
    pub(super) fn skip(&mut self, items: usize) {
        debug_assert!(items <= self.len);
        self.start += items;
        self.len -= items;
        while self.start >= BLOCK {
            self.blocks.pop_front();
            self.start -= BLOCK;
        }
    }

    /// Keeps so many items.
    pub(super) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        self.blocks.truncate((self.start + self.len).div_ceil(BLOCK));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    #[test]
    fn it_is_a_queue() {
        let (mut ring, mut model) = (Ring::default(), VecDeque::new());
        let mut number = 1_u64;
        for step in 0..20_000_u64 {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            match number >> 60 {
                0..=8 => {
                    ring.push_back((step, NOTHING.1));
                    model.push_back(step);
                }
                9..=13 => {
                    let items = (number >> 32) as usize % 3;
                    let items = items.min(model.len());
                    ring.skip(items);
                    model.drain(..items);
                }
                14 => {
                    let len = model.len() - model.len() / 50;
                    ring.truncate(len);
                    model.truncate(len);
                }
                _ if !model.is_empty() => {
                    let at = (number >> 32) as usize % model.len();
                    ring.set(at, (step, NOTHING.1));
                    model[at] = step;
                }
                _ => {}
            }
            assert_eq!(ring.len(), model.len());
            assert!(
                (0..=model.len())
                    .step_by(17)
                    .all(|at| ring.get(at).map(|item| item.0) == model.get(at).copied())
            );
            assert_eq!(
                ring.len().checked_sub(1).and_then(|last| ring.get(last)).map(|item| item.0),
                model.back().copied()
            );
            assert!(ring.blocks.len() <= model.len() / BLOCK + 2);
        }
    }
}
