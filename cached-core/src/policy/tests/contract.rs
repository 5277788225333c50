//! What the trait promises a policy, and nothing more: calls in any order that keeps to that.

use std::collections::BTreeSet;

use super::*;

fn all(capacity: usize) -> Vec<Box<dyn Policy>> {
    let mut policies: Vec<Box<dyn Policy>> =
        super::all(capacity).into_iter().map(|cache| cache.policy).collect();
    policies.push(Box::new(Lirs::with_share(capacity, 0.01)));
    policies
}

/// The slots that are resident, with hashes that say how often each was taken.
struct Model {
    resident: BTreeSet<Slot>,
    times: Vec<u64>,
    dice: Dice,
}

impl Entries for Model {
    fn take_uses(&mut self, slot: Slot) -> u8 {
        assert!(self.resident.contains(&slot), "a policy asks about residents only");
        // Readers never rest.
        self.dice.roll(6) as u8
    }

    fn hash(&self, slot: Slot) -> u64 {
        assert!(self.resident.contains(&slot), "a policy asks about residents only");
        mix(u64::from(slot) + 64 * (self.times[slot as usize] % 3))
    }
}

const SLOTS: u64 = 60;

impl Model {
    fn new(seed: u64) -> Self {
        Self { resident: BTreeSet::new(), times: vec![0; SLOTS as usize], dice: Dice::new(seed) }
    }

    fn slot(&mut self) -> Slot {
        self.dice.roll(SLOTS) as Slot
    }

    /// A hash that was in the cache before, or not.
    fn hash_of_any(&mut self) -> u64 {
        mix(self.dice.roll(SLOTS * 4))
    }

    fn insert(&mut self, policy: &mut dyn Policy) {
        let slot = self.slot();
        if self.resident.insert(slot) {
            self.times[slot as usize] += 1;
            policy.insert(slot, self.hash(slot));
        }
    }

    fn evict(&mut self, policy: &mut dyn Policy) {
        let incoming = self.hash_of_any();
        for _ in 0..self.dice.roll(5) {
            let victim = policy.evict(incoming, self);
            assert_eq!(victim.is_none(), self.resident.is_empty());
            assert!(victim.is_none_or(|slot| self.resident.remove(&slot)), "a victim was resident");
        }
    }

    fn step(&mut self, policy: &mut dyn Policy) {
        let slot = self.slot();
        match self.dice.roll(100) {
            0..40 => self.insert(policy),
            40..60 if matches!(policy.record(), Record::Events | Record::Thinned) => {
                let hash = if self.resident.contains(&slot) { self.hash(slot) } else { self.hash_of_any() };
                policy.used(slot, hash);
            }
            60..70 => policy.missed(self.hash_of_any()),
            70..85 => self.evict(policy),
            85..97 => {
                policy.remove(slot);
                self.resident.remove(&slot);
            }
            97 => {
                let capacity = [0, 1, 2, 10, 50, 127, 128, 400, 3000][self.dice.roll(9) as usize];
                policy.set_capacity(capacity);
            }
            _ => {}
        }
        self.check(policy);
    }

    fn check(&self, policy: &dyn Policy) {
        policy.validate();
        assert_eq!(policy.len(), self.resident.len());
        assert_eq!(policy.is_empty(), self.resident.is_empty());
        // Also slots that no array has room for yet.
        assert!((0..SLOTS as Slot + 20).all(|slot| policy.contains(slot) == self.resident.contains(&slot)));
    }
}

#[test]
fn calls_in_any_order_leave_every_policy_sound() {
    for capacity in [0, 1, 2, 7, 30, 200] {
        for seed in 1..=2 {
            for policy in &mut all(capacity) {
                let mut model = Model::new(seed);
                (0..800).for_each(|_| model.step(&mut **policy));
            }
        }
    }
}

#[test]
fn everything_is_evicted_in_a_row_whatever_the_capacity() {
    for capacity in [0, 1, 30, 1000] {
        for policy in &mut all(capacity) {
            let mut model = Model::new(1);
            for _ in 0..3 {
                (0..200).for_each(|_| model.insert(&mut **policy));
                policy.set_capacity(capacity / 2);
                let mut evictions = 0;
                while let Some(slot) = policy.evict(evictions, &mut model) {
                    assert!(model.resident.remove(&slot));
                    model.check(&**policy);
                    evictions += 1;
                }
                assert!(evictions > 50 && model.resident.is_empty());
                policy.set_capacity(capacity);
            }
        }
    }
}

/// Entries weigh from 1 to 9; whenever they weigh too much, as many leave as must.
fn by_weight(policy: &mut dyn Policy, budget: u64, keys: impl Iterator<Item = u64>) -> usize {
    let weight = |key: u64| 1 + mix(!key) % 9;
    let (mut slots, mut entries) = (HashMap::<u64, Slot>::new(), Tenants::default());
    let (mut free, mut held, mut hits) = (Vec::new(), 0, 0);
    let mut generation = Generation::new(1);
    let mut marks = Vec::new();
    for key in keys {
        if let Some(&slot) = slots.get(&key) {
            hits += 1;
            let uses: &mut u8 = &mut entries.uses[slot as usize];
            *uses = uses.saturating_add(1);
            if matches!(policy.record(), Record::Events | Record::Thinned)
                && marks[slot as usize] != generation.mark()
            {
                marks[slot as usize] = generation.mark();
                policy.used(slot, mix(key));
            }
            continue;
        }
        policy.missed(mix(key));
        // What the cache turns out to hold is what it is expected to hold.
        if held + weight(key) > budget {
            policy.set_capacity(slots.len());
            generation.set_capacity(slots.len());
        }
        while held + weight(key) > budget {
            let slot = policy.evict(mix(key), &mut entries).expect("what weighs something is there");
            let old = entries.keys[slot as usize].take().expect("only a resident entry leaves");
            slots.remove(&old);
            held -= weight(old);
            free.push(slot);
        }
        held += weight(key);
        let slot = free.pop().unwrap_or(entries.keys.len() as Slot);
        if slot as usize == entries.keys.len() {
            entries.keys.push(None);
            entries.uses.push(0);
            marks.push(0);
        }
        (entries.keys[slot as usize], entries.uses[slot as usize]) = (Some(key), 0);
        slots.insert(key, slot);
        marks[slot as usize] = generation.inserted();
        policy.insert(slot, mix(key));
        assert_eq!(policy.len(), slots.len());
    }
    policy.validate();
    hits
}

#[test]
fn a_cache_bounded_by_weight_hits_as_one_bounded_by_number() {
    // A skewed stream with scans in it; entries weigh 5 on average, so that some 400 find room.
    let keys = || {
        let mut dice = Dice::new(3);
        (0..30_000_u64).map(move |at| match at / 1000 % 4 {
            0 => 100_000 + at,
            _ => (0..3).map(|_| dice.roll(2000)).min().unwrap_or(0),
        })
    };
    for (by_number, mut weighed) in super::all(400).into_iter().zip(all(1)) {
        let mut by_number = by_number;
        let (number, weight) = (by_number.hits(keys()), by_weight(&mut *weighed, 2000, keys()));
        assert!(weight * 10 > number * 9, "{weight} of {number}");
    }
}
