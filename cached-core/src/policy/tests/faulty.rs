//! Policies that do not do what they should, in a cache: the bound holds, nothing is lost or found twice, and nobody is held up.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::Cache;
use crate::policy::{Entries, Policy, Record, Slot};

/// Whether policies that may panic do.
static PANICS: AtomicBool = AtomicBool::new(false);
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn panic_in(call: &str, faulty: &str) {
    assert!(call != faulty || !PANICS.load(Ordering::Relaxed), "a policy's");
}

/// What its eviction names, and the call in which it panics.
macro_rules! faulty {
    ($($name:ident: $evict:expr, $panics:literal;)*) => {$(
        struct $name(Vec<Slot>);

        impl Policy for $name {
            fn with_capacity(_capacity: usize) -> Self {
                Self(Vec::new())
            }

            fn record(&self) -> Record {
                Record::Events
            }

            fn insert(&mut self, slot: Slot, _hash: u64) {
                panic_in("insert", $panics);
                self.0.push(slot);
            }

            fn used(&mut self, _slot: Slot, _hash: u64) {
                panic_in("used", $panics);
            }

            fn missed(&mut self, _hash: u64) {
                panic_in("missed", $panics);
            }

            fn evict(&mut self, _incoming: u64, entries: &mut dyn Entries) -> Option<Slot> {
                panic_in("evict", $panics);
                let evict: fn(&mut Vec<Slot>, &mut dyn Entries) -> Option<Slot> = $evict;
                evict(&mut self.0, entries)
            }

            fn remove(&mut self, slot: Slot) {
                panic_in("remove", $panics);
                self.0.retain(|other| *other != slot);
            }

            fn len(&self) -> usize {
                self.0.len()
            }

            fn contains(&self, slot: Slot) -> bool {
                self.0.contains(&slot)
            }
        }
    )*};
}

faulty! {
    EvictsNobody: |_, _| None, "";
    NamesWhoNeverWas: |_, entries| { entries.take_uses(88_888); Some(4_000_000_000) }, "";
    NamesOneForEver: |_, _| Some(0), "";
    DoesNotForget: |slots, _| slots.first().copied(), "";
    PanicsInInsert: |slots, _| slots.pop(), "insert";
    PanicsInUsed: |slots, _| slots.pop(), "used";
    PanicsInMissed: |slots, _| slots.pop(), "missed";
    PanicsInEvict: |slots, _| slots.pop(), "evict";
    PanicsInRemove: |slots, _| slots.pop(), "remove";
}

/// Calls of all kinds; how many of them panicked.
fn use_all(cache: &Cache<u64, u64>) -> usize {
    let mut panics = 0;
    for at in 0..300 {
        PANICS.store(at % 3 == 0, Ordering::Relaxed);
        let key = at % 11;
        let step = || {
            assert_eq!(cache.get_or_load(key, || key), key);
            match at % 7 {
                0 => _ = cache.invalidate(&(at % 5)),
                1 => cache.insert(key, key),
                2 => _ = cache.refresh(key, || key),
                _ => _ = cache.get(&key),
            }
        };
        panics += usize::from(catch_unwind(AssertUnwindSafe(step)).is_err());
        assert!(cache.info().len <= 5 && cache.entries().iter().all(|(key, value)| key == value));
    }
    PANICS.store(false, Ordering::Relaxed);
    for key in 0..20 {
        assert_eq!(cache.get_or_load(key, || key), key);
        assert_eq!(cache.get(&key), Some(key), "it goes on when the policy does");
    }
    assert_eq!(cache.info().len, cache.entries().len());
    panics
}

fn of<P: Policy + 'static>() -> usize {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    use_all(&Cache::builder().max(5).policy_of::<P>().build())
}

#[test]
fn whoever_a_policy_names_the_bound_holds() {
    let panics = of::<EvictsNobody>() + of::<NamesWhoNeverWas>() + of::<NamesOneForEver>();
    assert_eq!(panics + of::<DoesNotForget>(), 0);
}

#[test]
fn a_policys_panic_is_its_callers_and_leaves_the_cache_whole() {
    assert!(of::<PanicsInInsert>() > 0);
    assert!(of::<PanicsInUsed>() > 0);
    assert!(of::<PanicsInMissed>() > 0);
    assert!(of::<PanicsInEvict>() > 0);
    assert!(of::<PanicsInRemove>() > 0);
}
