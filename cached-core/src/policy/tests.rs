//! Every policy through random programs, its structure checked after every step, and the rules of the papers by hand.

mod contract;
#[cfg(not(any(miri, loom)))]
mod faulty;

use std::collections::HashMap;

use super::hash::Dice;
use super::*;

/// An engine of the simplest kind: slots from a free list, keys in a map.
struct Cache {
    policy: Box<dyn Policy>,
    slots: HashMap<u64, Slot>,
    entries: Tenants,
    free: Vec<Slot>,
    capacity: usize,
}

/// Keys and use counts by slot.
#[derive(Default)]
struct Tenants {
    keys: Vec<Option<u64>>,
    uses: Vec<u8>,
}

impl Entries for Tenants {
    fn take_uses(&mut self, slot: Slot) -> u8 {
        std::mem::take(&mut self.uses[slot as usize])
    }

    fn hash(&self, slot: Slot) -> u64 {
        mix(self.keys[slot as usize].expect("a policy asks about residents only"))
    }
}

impl Cache {
    fn new(policy: impl Policy + 'static, capacity: usize) -> Self {
        let policy: Box<dyn Policy> = Box::new(policy);
        Self { policy, slots: HashMap::new(), entries: Tenants::default(), free: Vec::new(), capacity }
    }

    /// True if it was a hit.
    fn access(&mut self, key: u64) -> bool {
        if let Some(&slot) = self.slots.get(&key) {
            match self.policy.record() {
                Record::None => {}
                Record::Count(most) => {
                    let uses = &mut self.entries.uses[slot as usize];
                    *uses = uses.saturating_add(1).min(most);
                }
                Record::Events | Record::Thinned => self.policy.used(slot, mix(key)),
            }
            return true;
        }
        self.policy.missed(mix(key));
        if self.slots.len() == self.capacity {
            let slot = self.policy.evict(mix(key), &mut self.entries).expect("a full cache has a victim");
            self.leave(slot);
        }
        let slot = self.free.pop().unwrap_or(self.entries.keys.len() as Slot);
        if slot as usize == self.entries.keys.len() {
            self.entries.keys.push(None);
            self.entries.uses.push(0);
        }
        (self.entries.keys[slot as usize], self.entries.uses[slot as usize]) = (Some(key), 0);
        self.slots.insert(key, slot);
        self.policy.insert(slot, mix(key));
        false
    }

    fn leave(&mut self, slot: Slot) {
        let key = self.entries.keys[slot as usize].take().expect("only a resident entry leaves");
        self.slots.remove(&key);
        self.free.push(slot);
    }

    fn invalidate(&mut self, key: u64) {
        if let Some(&slot) = self.slots.get(&key) {
            self.policy.remove(slot);
            self.leave(slot);
        }
    }

    fn validate(&self) {
        self.policy.validate();
        assert_eq!(self.policy.len(), self.slots.len());
        for (slot, key) in self.entries.keys.iter().enumerate() {
            assert_eq!(self.policy.contains(slot as Slot), key.is_some());
        }
    }

    fn hits(&mut self, keys: impl IntoIterator<Item = u64>) -> usize {
        keys.into_iter().filter(|&key| self.access(key)).count()
    }

    fn holds(&self) -> Vec<u64> {
        let mut keys: Vec<u64> = self.slots.keys().copied().collect();
        keys.sort_unstable();
        keys
    }
}

fn all(capacity: usize) -> Vec<Cache> {
    vec![
        Cache::new(Lru::new(capacity), capacity),
        Cache::new(Fifo::new(capacity), capacity),
        Cache::new(Random::new(capacity, 1), capacity),
        Cache::new(Lfu::new(capacity), capacity),
        Cache::new(Sieve::new(capacity), capacity),
        Cache::new(S3Fifo::new(capacity), capacity),
        Cache::new(TinyLfu::new(capacity), capacity),
        Cache::new(TinyLfu::with_window(capacity, 0.0), capacity),
        Cache::new(TinyLfu::with_window(capacity, 1.0), capacity),
        Cache::new(Lirs::new(capacity), capacity),
        Cache::new(Arc::new(capacity), capacity),
        Cache::new(Adaptive::new(capacity), capacity),
    ]
}

/// Accesses of changing kinds (skewed, a loop, uniform), with removals and uses of slots that have left.
fn program(cache: &mut Cache, seed: u64, steps: u64) {
    let mut dice = Dice::new(seed);
    let keys = cache.capacity as u64 * 3 + 2;
    for step in 0..steps {
        let key = match step / 300 % 3 {
            0 => dice.roll(keys).min(dice.roll(keys)).min(dice.roll(keys)),
            1 => step % (cache.capacity as u64 + 2),
            _ => dice.roll(keys),
        };
        match dice.roll(16) {
            0 => cache.invalidate(key),
            1 => {
                let slot = dice.roll(cache.capacity as u64 + 3) as Slot;
                if !cache.policy.contains(slot)
                    && matches!(cache.policy.record(), Record::Events | Record::Thinned)
                {
                    cache.policy.used(slot, mix(key));
                    cache.policy.remove(slot);
                }
            }
            _ => {
                cache.access(key);
            }
        }
        cache.validate();
    }
}

#[test]
fn random_programs_leave_every_policy_sound() {
    for capacity in [1, 2, 3, 5, 10, 33] {
        for seed in 1..=3 {
            all(capacity).iter_mut().for_each(|cache| program(cache, seed, 1000));
        }
    }
}

#[test]
fn everything_can_be_removed_and_come_back() {
    for mut cache in all(8) {
        for _ in 0..3 {
            cache.hits(0..20);
            cache.hits(12..20);
            (0..20).for_each(|key| cache.invalidate(key));
            cache.validate();
            assert!(cache.policy.is_empty());
            assert_eq!(cache.policy.evict(0, &mut cache.entries), None);
        }
    }
}

#[test]
fn small_sets_are_held_whole() {
    for mut cache in all(16) {
        cache.hits(0..16);
        assert_eq!(cache.hits((0..160).map(|at| at % 16)), 160);
    }
}

#[test]
fn lru_evicts_the_least_recently_used() {
    let mut cache = Cache::new(Lru::new(2), 2);
    cache.hits([1, 2, 1, 3]);
    assert_eq!(cache.holds(), [1, 3]);
}

#[test]
fn fifo_evicts_the_first() {
    let mut cache = Cache::new(Fifo::new(2), 2);
    cache.hits([1, 2, 1, 3]);
    assert_eq!(cache.holds(), [2, 3]);
}

#[test]
fn lfu_evicts_the_least_used_and_forgets_old_fame() {
    let mut cache = Cache::new(Lfu::new(2), 2);
    cache.hits([1, 1, 1, 2, 3]);
    assert_eq!(cache.holds(), [1, 3]);
    // Each eviction raises what newcomers start from, until the old favourite is the least.
    cache.hits([4, 5, 6, 7, 8]);
    assert!(!cache.holds().contains(&1));
}

#[test]
fn lfu_goes_on_when_its_ring_has_turned() {
    let mut cache = Cache::new(Lfu::new(3), 3);
    for key in 0..3000 {
        cache.hits([key, key, key]);
        cache.validate();
    }
    assert_eq!(cache.holds(), [2997, 2998, 2999]);
}

#[test]
fn sieve_spares_the_used_and_leaves_them_in_place() {
    // The example of the paper, shortened: the hand passes the used ones and stays where it evicted.
    let mut cache = Cache::new(Sieve::new(4), 4);
    cache.hits([1, 2, 3, 4, 1, 2, 5]);
    assert_eq!(cache.holds(), [1, 2, 4, 5]);
    cache.hits([6]);
    assert_eq!(cache.holds(), [1, 2, 5, 6], "the hand went on to 4, not back to 1");
}

#[test]
fn s3fifo_promotes_after_two_uses_and_on_return() {
    let mut cache = Cache::new(S3Fifo::new(10), 10);
    cache.hits([1, 1, 1, 2, 2]);
    cache.hits(100..120);
    assert!(cache.holds().contains(&1), "two uses lead to the main queue");
    assert!(!cache.holds().contains(&2), "one does not");
    cache.hits([119, 200, 201]);
    let ghost = 112;
    assert!(!cache.access(ghost));
    cache.hits(300..308);
    assert!(cache.holds().contains(&ghost), "what returns enters the main queue");
}

#[test]
fn tinylfu_holds_a_part_of_a_loop() {
    let (mut lru, mut tiny) =
        (Cache::new(Lru::new(100), 100), Cache::new(TinyLfu::with_window(100, 0.01), 100));
    let keys = || (0..20_000).map(|at| at % 120);
    assert_eq!(lru.hits(keys()), 0);
    assert!(tiny.hits(keys()) > 12_000);
}

#[test]
fn tinylfu_moves_its_window_and_keeps_its_entries() {
    let mut policy = TinyLfu::new(100);
    for slot in 0..100 {
        policy.insert(slot, mix(u64::from(slot)));
    }
    for window in [1, 100, 50, 0, 30, 1000] {
        policy.set_window(window);
        policy.validate();
        assert_eq!(policy.len(), 100);
        assert_eq!(policy.window(), window.clamp(1, 100));
    }
}

#[test]
fn lirs_keeps_what_returns_soon_through_a_scan() {
    let mut cache = Cache::new(Lirs::new(20), 20);
    cache.hits((0..60).map(|at| at % 18));
    cache.hits(1000..1500);
    assert_eq!(cache.hits(0..18), 18);
}

#[test]
fn lirs_admits_a_ghost_that_returns_within_the_stack() {
    let mut cache = Cache::new(Lirs::with_share(10, 0.1), 10);
    cache.hits((0..9).chain([100, 101]));
    assert_eq!(cache.holds().len(), 10);
    // 100 left the queue, but its last use is more recent than that of 0, the oldest of the first kind.
    cache.hits([100]);
    assert!(cache.holds().contains(&100) && cache.holds().contains(&0));
    cache.hits([102]);
    assert!(!cache.holds().contains(&0), "which therefore was demoted, and is the next to leave");
}

#[test]
fn arc_keeps_what_was_used_twice_through_a_scan() {
    let mut cache = Cache::new(Arc::new(10), 10);
    cache.hits([1, 2, 3, 1, 2, 3]);
    cache.hits(100..200);
    assert_eq!(cache.hits([1, 2, 3]), 3);
}

#[test]
fn adaptive_follows_the_stream() {
    // A loop that does not fit is nothing for recency; a drift in which only the last few matter is all for it.
    let mut cache = Cache::new(Adaptive::new(300), 300);
    let (mut lru, mut dice) = (Cache::new(Lru::new(300), 300), Dice::new(7));
    let looping = cache.hits((0..100_000).map(|at| at % 400));
    assert!(looping > 60_000, "{looping}");
    let drift: Vec<u64> = (0..100_000_u64).map(|at| 1000 + at / 4 + dice.roll(250)).collect();
    let (own, recency) = (cache.hits(drift.iter().copied()), lru.hits(drift.iter().copied()));
    assert!(own * 20 > recency * 19, "{own} of {recency}");
    cache.validate();
}

#[test]
fn adaptive_changes_as_soon_as_another_is_ahead() {
    // A loop that does not fit, of which LRU, the start of a small cache, finds nothing.
    let mut cache = Cache::new(Adaptive::new(20), 20);
    let found = cache.hits((0..300).map(|at| at % 25));
    assert!(found > 100, "{found}");
}

#[test]
fn adaptive_stays_sound_through_many_changes() {
    let mut cache = Cache::new(Adaptive::new(200), 200);
    for seed in 1..10 {
        program(&mut cache, seed, 1000);
    }
}

#[test]
fn tinylfu_keeps_the_victim_on_a_tie_and_may_test_another_otherwise() {
    for restless in [false, true] {
        let policy = if restless { TinyLfu::restless(4, 0.25) } else { TinyLfu::with_window(4, 0.25) };
        let mut cache = Cache::new(policy, 4);
        // The window holds 4, probation 1, 2 and 3; all were asked for once.
        cache.hits([1, 2, 3, 4, 5]);
        assert_eq!(cache.holds(), [1, 2, 3, 5], "4 lost against 1");
        // 1 becomes known as frequent by misses of the past alone, so it stays on probation.
        (0..3).for_each(|_| cache.policy.missed(mix(1)));
        cache.hits([6]);
        assert_eq!(
            cache.holds(),
            [1, 2, 3, 6],
            "5 lost against 1, which went to the end of the queue, if at all"
        );
        cache.policy.missed(mix(6));
        cache.hits([7]);
        assert_eq!(cache.holds(), if restless { [1, 3, 6, 7] } else { [1, 2, 3, 7] }, "6 met 2, or 1 again");
    }
}

#[test]
fn lirs_survives_the_end_of_its_time() {
    let mut policy = Lirs::new(10);
    (0..10).for_each(|slot| policy.insert(slot, mix(u64::from(slot))));
    (0..5).for_each(|slot| policy.used(slot, 0));
    policy.renumber();
    policy.validate();
    assert_eq!(policy.len(), 10);
}
