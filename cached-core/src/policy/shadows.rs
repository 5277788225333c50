//! Ghosts in four bytes each, for large caches: a table of small buckets in which a hash can have one place, found by
//! 15 bits of it, and a newcomer takes the place of the bucket's oldest. What is forgotten is therefore not exactly
//! the oldest of all, and once in some thousand misses a key is taken for a ghost that it is not.

use super::hash::{FACTORS, scale, spread};

/// Places in a bucket.
const PLACES: usize = 8;
/// Buckets that are searched for a ghost to forget.
const SEARCHED: usize = 8;
/// Steps of the coarse time in which the table is filled once, if every step brings a ghost.
const STEPS: usize = 1024;

/// A place: 15 bits of the hash (never zero), the number of the queue, and 16 bits of coarse time. Zero is empty.
type Place = u32;

/// See the module's words.
#[derive(Debug)]
pub(crate) struct Shadows {
    buckets: Vec<[Place; PLACES]>,
    lens: [usize; 2],
    /// Where the search for something to forget goes on.
    cursor: usize,
    /// The last time that was told.
    now: u32,
    /// From time to coarse time.
    shift: u32,
}

#[inline]
fn queue(place: Place) -> usize {
    (place >> 16 & 1) as usize
}

impl Shadows {
    /// For about `capacity` ghosts.
    pub(crate) fn new(capacity: usize) -> Self {
        let buckets = capacity.div_ceil(PLACES).max(1);
        let shift = (capacity / STEPS).checked_ilog2().unwrap_or(0);
        Self { buckets: vec![[0; PLACES]; buckets], lens: [0; 2], cursor: 0, now: 0, shift }
    }

    pub(crate) fn len(&self, queue: u8) -> usize {
        self.lens[usize::from(queue)]
    }

    /// The bucket of a hash, and its 15 bits where a place has them.
    #[inline]
    fn home(&self, hash: u64) -> (usize, Place) {
        let bucket = scale(spread(hash, FACTORS[0]), self.buckets.len());
        (bucket, (spread(hash, FACTORS[1]) >> 17).max(1) << 17)
    }

    #[inline]
    fn age(&self, place: Place) -> u16 {
        ((self.now >> self.shift) as u16).wrapping_sub(place as u16)
    }

    fn find(&self, hash: u64) -> Option<(usize, usize)> {
        let (bucket, bits) = self.home(hash);
        let at = self.buckets[bucket].iter().position(|&place| place >> 17 == bits >> 17)?;
        Some((bucket, at))
    }

    /// The queue of a ghost, and roughly the time it was pushed at.
    pub(crate) fn get(&self, hash: u64) -> Option<(u8, u32)> {
        let (bucket, at) = self.find(hash)?;
        let place = self.buckets[bucket][at];
        let time = self.now.saturating_sub(u32::from(self.age(place)) << self.shift);
        Some((queue(place) as u8, time))
    }

    pub(crate) fn take(&mut self, hash: u64) -> Option<(u8, u32)> {
        let found = self.get(hash)?;
        let (bucket, at) = self.find(hash)?;
        self.clear_place(bucket, at);
        Some(found)
    }

    fn clear_place(&mut self, bucket: usize, at: usize) {
        let place = std::mem::take(&mut self.buckets[bucket][at]);
        self.lens[queue(place)] -= 1;
    }

    /// The place of a bucket whose ghost is the oldest, of one queue or of both.
    fn oldest_in(&self, bucket: usize, only: Option<u8>) -> Option<usize> {
        let places = self.buckets[bucket].iter().enumerate();
        let wanted = places.filter(|&(_, &place)| {
            place != 0 && only.is_none_or(|number| queue(place) == usize::from(number))
        });
        wanted.max_by_key(|&(_, &place)| self.age(place)).map(|(at, _)| at)
    }

    /// A new ghost; `time` does not fall from one push to the next.
    pub(crate) fn push(&mut self, number: u8, hash: u64, time: u32) {
        self.now = time;
        self.take(hash);
        let (bucket, bits) = self.home(hash);
        let free = self.buckets[bucket].iter().position(|&place| place == 0);
        let at = free.or_else(|| self.oldest_in(bucket, None)).unwrap_or(0);
        if free.is_none() {
            self.clear_place(bucket, at);
        }
        self.buckets[bucket][at] = bits | Place::from(number) << 16 | (time >> self.shift) & 0xffff;
        self.lens[usize::from(number)] += 1;
        self.sweep();
    }

    /// Empties a bucket's places that are so old that they would soon look new again.
    fn sweep(&mut self) {
        self.cursor = (self.cursor + 1) % self.buckets.len();
        for at in 0..PLACES {
            let place = self.buckets[self.cursor][at];
            if place != 0 && self.age(place) > u16::MAX / 2 {
                self.clear_place(self.cursor, at);
            }
        }
    }

    /// Forgets one of the older ghosts of a queue; `None` if none is near.
    pub(crate) fn pop(&mut self, number: u8) -> Option<()> {
        if self.len(number) == 0 {
            return None;
        }
        for _ in 0..SEARCHED {
            self.cursor = (self.cursor + 1) % self.buckets.len();
            if let Some(at) = self.oldest_in(self.cursor, Some(number)) {
                self.clear_place(self.cursor, at);
                return Some(());
            }
        }
        None
    }

    /// For about another number of ghosts. If the table is far from the size for them, a new one takes its place,
    /// and all are forgotten: what a place holds does not tell where its ghost belongs in another table.
    pub(crate) fn resize(&mut self, capacity: usize) {
        let buckets = capacity.div_ceil(PLACES).max(1);
        if buckets >= self.buckets.len() * 2 || buckets * 4 <= self.buckets.len() {
            *self = Self { now: self.now, ..Self::new(capacity) };
        }
    }

    pub(crate) fn clear(&mut self) {
        self.buckets.fill([0; PLACES]);
        self.lens = [0; 2];
        self.now = 0;
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&self.buckets[..])
    }

    pub(crate) fn validate(&self) {
        for number in 0..2 {
            let places = self.buckets.iter().flatten().filter(|&&place| place != 0);
            assert_eq!(places.filter(|&&place| queue(place) == number).count(), self.lens[number]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::hash::mix;

    #[test]
    fn remembers_most_of_the_last_and_little_of_the_rest() {
        let mut shadows = Shadows::new(8000);
        for time in 0..100_000_u32 {
            shadows.push((time % 2) as u8, mix(u64::from(time)), time);
        }
        shadows.validate();
        let known = |times: std::ops::Range<u32>| {
            let len = times.len() as f64;
            times.filter(|&time| shadows.get(mix(u64::from(time))).is_some()).count() as f64 / len
        };
        assert!(known(96_000..100_000) > 0.9);
        assert!(known(0..80_000) < 0.01);
        let (queue, time) = shadows.get(mix(99_001)).expect("one of the last");
        assert_eq!(queue, 1);
        assert!((98_990..=99_007).contains(&time));
    }

    #[test]
    fn forgets_on_request_and_before_the_time_comes_round() {
        let mut shadows = Shadows::new(64);
        (0..64).for_each(|time| shadows.push(0, mix(u64::from(time)), time));
        while shadows.pop(0).is_some() {
            shadows.validate();
        }
        assert_eq!(shadows.len(0), 0);
        shadows.push(1, mix(1), 100);
        for time in 0..20 {
            shadows.push(0, mix(2), 40_000 + time);
        }
        assert_eq!(shadows.get(mix(1)), None);
        assert_eq!(shadows.take(mix(2)), Some((0, 40_019)));
        shadows.clear();
        shadows.validate();
    }
}
