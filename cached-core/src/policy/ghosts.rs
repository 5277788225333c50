//! Keys that left a while ago, as hashes: what a policy remembers of entries whose values are gone.
//!
//! Queues in order of arrival share one pool of nodes and one index from hash to node (open addressing, linear
//! probes, at most three quarters full). Every call is O(1).

use super::hash::{FACTORS, spread};
use super::links::{Links, List, NIL};

/// A number kept beside each ghost.
type Note = u32;

/// Two queues of ghosts, told apart by number.
#[derive(Debug)]
pub(crate) struct Ghosts {
    nodes: Vec<Node>,
    links: Links,
    queues: [List; 2],
    free: Vec<u32>,
    /// Nodes by hash; `NIL` where there is none.
    index: Vec<u32>,
    capacity: usize,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    hash: u64,
    note: Note,
    queue: u8,
}

impl Ghosts {
    /// For at most `capacity` ghosts; memory is taken as they come.
    pub(crate) fn new(capacity: usize) -> Self {
        let (nodes, links, free) = (Vec::new(), Links::default(), Vec::new());
        Self { nodes, links, queues: [List::default(); 2], free, index: vec![NIL; 8], capacity }
    }

    pub(crate) fn len(&self, queue: u8) -> usize {
        self.queues[usize::from(queue)].len
    }

    fn total(&self) -> usize {
        self.queues[0].len + self.queues[1].len
    }

    #[inline]
    fn home(&self, hash: u64) -> usize {
        spread(hash, FACTORS[0]) as usize & (self.index.len() - 1)
    }

    /// Where in the index the hash is, or the first free place.
    #[inline]
    fn probe(&self, hash: u64) -> usize {
        let mut at = self.home(hash);
        while self.index[at] != NIL && self.nodes[self.index[at] as usize].hash != hash {
            at = (at + 1) & (self.index.len() - 1);
        }
        at
    }

    /// The queue and the note of a ghost.
    pub(crate) fn get(&self, hash: u64) -> Option<(u8, Note)> {
        let node = self.index[self.probe(hash)];
        (node != NIL).then(|| (self.nodes[node as usize].queue, self.nodes[node as usize].note))
    }

    /// Takes a ghost out.
    pub(crate) fn take(&mut self, hash: u64) -> Option<(u8, Note)> {
        let place = self.probe(hash);
        let node = self.index[place];
        if node == NIL {
            return None;
        }
        let Node { queue, note, .. } = self.nodes[node as usize];
        self.remove(place);
        Some((queue, note))
    }

    /// A new ghost at the end of a queue. One of the same hash is replaced; the oldest of the queue (or, if it is
    /// empty, of the other) makes room if the pool is full.
    pub(crate) fn push(&mut self, queue: u8, hash: u64, note: Note) {
        self.take(hash);
        if self.total() >= self.capacity {
            let fullest = if self.len(queue) > 0 { queue } else { 1 - queue };
            if self.pop(fullest).is_none() {
                return;
            }
        }
        if (self.total() + 1) * 4 > self.index.len() * 3 {
            self.grow();
        }
        let at = self.probe(hash);
        let node = self.new_node(Node { hash, note, queue });
        self.index[at] = node;
        self.links.push_front(&mut self.queues[usize::from(queue)], node);
    }

    fn new_node(&mut self, node: Node) -> u32 {
        if let Some(free) = self.free.pop() {
            self.nodes[free as usize] = node;
            return free;
        }
        let new = self.nodes.len() as u32;
        super::links::make_room(&mut self.nodes, new, self.capacity, node);
        self.links.make_room(new, self.capacity);
        new
    }

    fn grow(&mut self) {
        self.index = vec![NIL; self.index.len() * 2];
        for queue in &self.queues {
            for node in self.links.oldest_first(queue) {
                let at = self.probe(self.nodes[node as usize].hash);
                self.index[at] = node;
            }
        }
    }

    /// The note of the oldest ghost of a queue.
    pub(crate) fn oldest(&self, queue: u8) -> Option<Note> {
        self.queues[usize::from(queue)].oldest().map(|node| self.nodes[node as usize].note)
    }

    /// Forgets the oldest ghost of a queue.
    pub(crate) fn pop(&mut self, queue: u8) -> Option<()> {
        let node = self.queues[usize::from(queue)].oldest()?;
        self.remove(self.probe(self.nodes[node as usize].hash));
        Some(())
    }

    /// Takes out the ghost at a place of the index, and moves up those that were pushed past it by collisions.
    fn remove(&mut self, place: usize) {
        let node = self.index[place];
        let queue = usize::from(self.nodes[node as usize].queue);
        self.links.unlink(&mut self.queues[queue], node);
        self.free.push(node);
        let mask = self.index.len() - 1;
        let (mut hole, mut at) = (place, (place + 1) & mask);
        while self.index[at] != NIL {
            let home = self.home(self.nodes[self.index[at] as usize].hash);
            // It may move up if the hole lies between its home and where it is.
            if at.wrapping_sub(home) & mask >= at.wrapping_sub(hole) & mask {
                self.index[hole] = self.index[at];
                hole = at;
            }
            at = (at + 1) & mask;
        }
        self.index[hole] = NIL;
    }

    /// For at most another number of ghosts. O(the change).
    pub(crate) fn resize(&mut self, capacity: usize) {
        self.capacity = capacity;
        while self.total() > capacity {
            let longer = u8::from(self.queues[1].len > self.queues[0].len);
            self.pop(longer);
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.capacity);
    }

    pub(crate) fn bytes(&self) -> usize {
        let nodes = self.nodes.capacity() * size_of::<Node>();
        nodes + self.links.bytes() + (self.free.capacity() + self.index.capacity()) * size_of::<u32>()
    }

    pub(crate) fn validate(&self) {
        self.links.validate(&[&self.queues[0], &self.queues[1]]);
        assert!(self.total() <= self.capacity);
        assert_eq!(self.total() + self.free.len(), self.nodes.len());
        assert_eq!(self.index.iter().filter(|&&node| node != NIL).count(), self.total());
        for (number, queue) in self.queues.iter().enumerate() {
            for slot in self.links.oldest_first(queue) {
                let node = self.nodes[slot as usize];
                assert_eq!(usize::from(node.queue), number);
                assert_eq!(self.index[self.probe(node.hash)], slot, "each ghost is found");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::hash::Dice;

    #[test]
    fn like_two_lists() {
        let mut dice = Dice::new(1);
        let mut ghosts = Ghosts::new(20);
        let mut lists: [Vec<(u64, u32)>; 2] = Default::default();
        for step in 0..20_000_u32 {
            let (hash, queue) = (dice.roll(60) << 3, dice.roll(2) as usize);
            match dice.roll(4) {
                0 => {
                    assert_eq!(ghosts.pop(queue as u8).is_some(), !lists[queue].is_empty());
                    lists[queue].drain(..1.min(lists[queue].len()));
                }
                1 => {
                    let found = (0..2).find(|&queue| lists[queue].iter().any(|ghost| ghost.0 == hash));
                    assert_eq!(ghosts.take(hash).map(|(queue, _)| usize::from(queue)), found);
                    lists.iter_mut().for_each(|list| list.retain(|ghost| ghost.0 != hash));
                }
                _ => {
                    ghosts.push(queue as u8, hash, step);
                    lists.iter_mut().for_each(|list| list.retain(|ghost| ghost.0 != hash));
                    if lists[0].len() + lists[1].len() >= 20 {
                        let fullest = if lists[queue].is_empty() { 1 - queue } else { queue };
                        lists[fullest].remove(0);
                    }
                    lists[queue].push((hash, step));
                }
            }
            ghosts.validate();
            for (queue, list) in lists.iter().enumerate() {
                assert_eq!(ghosts.len(queue as u8), list.len());
                assert_eq!(ghosts.oldest(queue as u8), list.first().map(|ghost| ghost.1));
            }
        }
    }
}
