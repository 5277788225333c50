//! Random programs against a naive model: an exact LRU cache with a ttl, as a list.

use std::time::Duration;

use cached_core::{memoize, testing};
use proptest::prelude::*;

const MAX: usize = 5;
const LIFE: u64 = 10;

std::thread_local!(static SOURCE: std::cell::Cell<u64> = const { std::cell::Cell::new(0) });

/// What the body reads: another value each time.
fn read() -> u64 {
    SOURCE.set(SOURCE.get() + 1);
    SOURCE.get()
}

#[memoize(max = MAX, policy = lru, ttl = LIFE)]
fn cache(key: u8) -> Result<u64, u64> {
    let read = read();
    if read % 7 == 0 { Err(read) } else { Ok(u64::from(key) * 1_000_000 + read) }
}

/// The cache as one would write it without a thought for speed: the last used is last.
#[derive(Default)]
struct Model {
    entries: Vec<(u8, u64, u64)>,
    now: u64,
    hits: u64,
    misses: u64,
    evictions: u64,
    invalidations: u64,
}

impl Model {
    fn fresh(&self, key: u8) -> Option<usize> {
        self.entries.iter().position(|entry| entry.0 == key && self.now < entry.2)
    }

    fn store(&mut self, key: u8, value: u64) {
        self.entries.retain(|entry| entry.0 != key && self.now < entry.2);
        self.entries.push((key, value, self.now + LIFE));
        if self.entries.len() > MAX {
            self.entries.remove(0);
            self.evictions += 1;
        }
    }

    fn call(&mut self, key: u8) -> Option<u64> {
        if let Some(at) = self.fresh(key) {
            self.hits += 1;
            let entry = self.entries.remove(at);
            self.entries.push(entry);
            return Some(entry.1);
        }
        self.misses += 1;
        None
    }

    fn remove(&mut self, which: impl Fn(u8) -> bool) -> usize {
        let now = self.now;
        let gone = self.entries.iter().filter(|entry| which(entry.0) && now < entry.2).count();
        self.entries.retain(|entry| !which(entry.0));
        self.invalidations += gone as u64;
        gone
    }
}

#[derive(Clone, Debug)]
enum Step {
    Call(u8),
    Invalidate(u8),
    InvalidateIf(u8),
    Insert(u8, u64),
    Refresh(u8),
    Look(u8),
    Advance(u64),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    let key = 0..12_u8;
    prop_oneof![
        12 => key.clone().prop_map(Step::Call),
        2 => key.clone().prop_map(Step::Invalidate),
        1 => (2..5_u8).prop_map(Step::InvalidateIf),
        2 => (key.clone(), any::<u64>()).prop_map(|(key, value)| Step::Insert(key, value)),
        2 => key.clone().prop_map(Step::Refresh),
        3 => key.prop_map(Step::Look),
        3 => (0..8_u64).prop_map(Step::Advance),
        1 => Just(Step::Clear),
    ]
}

fn run(scope: &testing::Scope, model: &mut Model, step: &Step) -> Result<(), TestCaseError> {
    match *step {
        Step::Call(key) => {
            let value = cache(key);
            match model.call(key) {
                Some(expected) => prop_assert_eq!(value, Ok(expected)),
                None => {
                    if let Ok(value) = value {
                        prop_assert_eq!(value, u64::from(key) * 1_000_000 + SOURCE.get());
                        model.store(key, value);
                    }
                }
            }
        }
        Step::Invalidate(key) => {
            let there = model.remove(|other| other == key) == 1;
            prop_assert_eq!(cache::invalidate(key), there);
        }
        Step::InvalidateIf(by) => {
            let gone = model.remove(|key| key % by == 0);
            prop_assert_eq!(cache::invalidate_if(|key, _| key % by == 0), gone);
        }
        Step::Insert(key, value) => {
            cache::insert(key, value);
            model.store(key, value);
        }
        Step::Refresh(key) => {
            if let Ok(value) = cache::refresh(key) {
                model.store(key, value);
            }
        }
        Step::Look(key) => {
            let expected = model.fresh(key).map(|at| model.entries[at].1);
            prop_assert_eq!(cache::peek(key), expected);
            prop_assert_eq!(cache::contains(key), expected.is_some());
        }
        Step::Advance(seconds) => {
            scope.advance(Duration::from_secs(seconds));
            model.now += seconds;
        }
        Step::Clear => {
            let gone = model.remove(|_| true);
            prop_assert_eq!(cache::clear(), gone);
        }
    }
    let info = cache::cache_info();
    let now = model.now;
    model.entries.retain(|entry| now < entry.2);
    let seen = (info.hits, info.misses, info.evictions, info.invalidations, info.len);
    let expected = (model.hits, model.misses, model.evictions, model.invalidations, model.entries.len());
    prop_assert_eq!(seen, expected, "(hits, misses, evictions, invalidations, len)");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn any_program_does_what_the_model_does(steps in prop::collection::vec(step(), 0..120)) {
        let scope = testing::isolate();
        let mut model = Model::default();
        for step in &steps {
            run(&scope, &mut model, step)?;
        }
    }
}
