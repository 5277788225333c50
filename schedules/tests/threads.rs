//! Threads: whatever the order in which they go on, nobody hangs, nobody loads twice, nobody reads the past.
#![cfg(shuttle)]

use std::sync::Arc;

use cached_core::{memoize, testing};
use schedules::{boom, caught, explore, pause};
use shuttle::sync::atomic::{AtomicU64, Ordering};
use shuttle::thread;

shuttle::lazy_static! {
    /// What the source says now.
    static ref SOURCE: AtomicU64 = AtomicU64::new(0);
    /// Nobody who calls from now on may read less.
    static ref KNOWN: AtomicU64 = AtomicU64::new(0);
    /// Runs of the body.
    static ref RUNS: AtomicU64 = AtomicU64::new(0);
}

/// What the source says, read early and returned late.
#[memoize]
fn current(_key: u8) -> u64 {
    RUNS.fetch_add(1, Ordering::SeqCst);
    let read = SOURCE.load(Ordering::SeqCst);
    pause();
    read
}

/// Runs these on threads of their own, in one scope, and waits for them.
fn together(scope: &testing::Scope, runs: Vec<Box<dyn FnOnce() + Send>>) {
    let threads: Vec<_> = runs.into_iter().map(|run| thread::spawn(scope.wrap(run))).collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

/// The same, of which every caller runs its own.
#[memoize(single_flight = false)]
fn own(_key: u8) -> u64 {
    let read = SOURCE.load(Ordering::SeqCst);
    pause();
    read
}

fn read_twice(call: fn(u8) -> u64) {
    for _ in 0..2 {
        let known = KNOWN.load(Ordering::SeqCst);
        let read = call(0);
        assert!(read >= known, "read {read} after {known} was known");
    }
}

fn nobody_reads_the_past(changed: fn(u64)) {
    nobody_reads_the_past_of(current, changed);
}

/// Two readers, and a writer that says after each change that it is done.
fn nobody_reads_the_past_of(call: fn(u8) -> u64, changed: fn(u64)) {
    let scope = testing::isolate();
    let write = move || {
        for version in 1..=2 {
            SOURCE.store(version, Ordering::SeqCst);
            changed(version);
            KNOWN.store(version, Ordering::SeqCst);
        }
    };
    let read = move || read_twice(call);
    together(&scope, vec![Box::new(read), Box::new(read), Box::new(write)]);
    assert_eq!(call(0), 2);
}

#[test]
fn load_and_invalidate() {
    explore(|| nobody_reads_the_past(|_| _ = current::invalidate(0)));
}

#[test]
fn loads_beside_each_other_and_invalidate() {
    explore(|| nobody_reads_the_past_of(own, |_| _ = own::invalidate(0)));
}

#[test]
fn loads_beside_each_other_and_insert() {
    explore(|| nobody_reads_the_past_of(own, |version| own::insert(0, version)));
}

#[test]
fn load_and_clear() {
    explore(|| nobody_reads_the_past(|_| _ = current::clear()));
}

#[test]
fn load_and_invalidate_if() {
    explore(|| nobody_reads_the_past(|version| _ = current::invalidate_if(|_, value| *value < version)));
}

#[test]
fn load_and_insert() {
    explore(|| nobody_reads_the_past(|version| current::insert(0, version)));
}

#[test]
fn load_and_refresh() {
    explore(|| nobody_reads_the_past(|version| assert!(current::refresh(0) >= version)));
}

#[test]
fn writers_of_all_kinds() {
    explore(|| {
        let scope = testing::isolate();
        let refresh = || {
            let read = current::refresh(0);
            assert!(current(0) >= read);
        };
        let insert = || {
            let version = SOURCE.fetch_add(1, Ordering::SeqCst) + 1;
            current::insert(0, version);
            assert!(current(0) >= version);
        };
        let invalidate = || _ = current::invalidate(0);
        together(&scope, vec![Box::new(refresh), Box::new(insert), Box::new(invalidate)]);
    });
}

#[test]
fn refreshes_and_invalidations() {
    explore(|| {
        let scope = testing::isolate();
        let changed = |change: fn()| {
            move || {
                let version = SOURCE.fetch_add(1, Ordering::SeqCst) + 1;
                change();
                assert!(current(0) >= version);
            }
        };
        let refresh = || assert!(current::refresh(0) <= current(0));
        let invalidate = changed(|| _ = current::invalidate(0));
        let clear = changed(|| _ = current::clear());
        together(&scope, vec![Box::new(refresh), Box::new(invalidate), Box::new(clear)]);
    });
}

#[test]
fn one_load_for_all() {
    explore(|| {
        let scope = testing::isolate();
        let call = || assert_eq!(current(0), 0);
        together(&scope, vec![Box::new(call), Box::new(call), Box::new(call)]);
        let info = current::cache_info();
        assert_eq!(RUNS.load(Ordering::SeqCst), 1);
        assert_eq!((info.loads, info.misses, info.hits + info.coalesced), (1, 1, 2));
    });
}

/// Keys that all have one hash.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Colliding(u8);

impl std::hash::Hash for Colliding {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        0_u8.hash(state);
    }
}

#[memoize(max = 2)]
fn colliding(key: Colliding) -> u8 {
    pause();
    key.0
}

#[test]
fn keys_of_one_hash_do_not_mix() {
    explore(|| {
        let scope = testing::isolate();
        let call = |first: u8| {
            move || {
                for key in [first, 0, first + 1] {
                    assert_eq!(colliding(Colliding(key)), key);
                }
            }
        };
        let invalidate = || _ = colliding::invalidate(Colliding(0));
        together(&scope, vec![Box::new(call(0)), Box::new(call(1)), Box::new(invalidate)]);
        assert!(colliding::cache_info().len <= 2);
    });
}

#[test]
fn a_leader_that_panics() {
    #[memoize]
    fn fragile(n: u64) -> u64 {
        let run = RUNS.fetch_add(1, Ordering::SeqCst);
        pause();
        if run == 0 { boom() } else { n }
    }
    explore(|| {
        let scope = testing::isolate();
        let calls: Vec<_> =
            (0..3).map(|_| thread::spawn(scope.wrap(|| caught(|| fragile(7)).is_err()))).collect();
        let panics = calls.into_iter().map(|call| call.join().unwrap());
        assert_eq!(panics.filter(|panicked| *panicked).count(), 1, "its own caller's, nobody else's");
        assert_eq!(RUNS.load(Ordering::SeqCst), 2, "one load for all the others");
        let info = fragile::cache_info();
        assert_eq!((info.loads, info.load_failures, info.misses), (1, 1, 2));
    });
}

#[test]
fn a_load_that_fails() {
    #[memoize]
    fn source(_key: u8) -> Result<u64, u64> {
        let run = RUNS.fetch_add(1, Ordering::SeqCst);
        pause();
        Err(run)
    }
    explore(|| {
        let scope = testing::isolate();
        let call = || assert!(source(0).is_err());
        together(&scope, vec![Box::new(call), Box::new(call), Box::new(call)]);
        let info = source::cache_info();
        assert_eq!(info.load_failures, RUNS.load(Ordering::SeqCst));
        assert_eq!((info.misses, info.misses + info.coalesced), (info.load_failures, 3));
    });
}

#[memoize]
fn left(n: u8) -> u8 {
    right(n)
}

#[memoize]
fn right(n: u8) -> u8 {
    left(n)
}

#[test]
fn a_circle_over_two_threads() {
    explore(|| {
        let scope = testing::isolate();
        let calls = [left as fn(u8) -> u8, right].map(|call| {
            thread::spawn(scope.wrap(move || caught(|| call(1)).expect_err("there is no way out of it")))
        });
        for call in calls {
            let text = call.join().unwrap();
            let circles = ["left(1) -> right(1) -> left(1)", "right(1) -> left(1) -> right(1)"];
            assert!(circles.iter().any(|circle| text.ends_with(circle)), "{text}");
        }
    });
}

#[memoize]
fn ring(n: u8) -> u8 {
    ring((n + 1) % 3)
}

#[test]
fn a_circle_over_three_threads() {
    explore(|| {
        let scope = testing::isolate();
        let call = |n| move || assert!(caught(|| ring(n)).unwrap_err().starts_with("cyclic"));
        together(&scope, vec![Box::new(call(0)), Box::new(call(1)), Box::new(call(2))]);
    });
}

#[memoize]
fn tree(level: u8, leaf: u8) -> u64 {
    if level == 0 { u64::from(leaf) } else { tree(level - 1, leaf / 2) + tree(level - 1, leaf / 3) }
}

#[test]
fn nesting_without_a_circle() {
    explore(|| {
        let scope = testing::isolate();
        let call = |leaf| move || _ = tree(3, leaf);
        together(&scope, vec![Box::new(call(9)), Box::new(call(8)), Box::new(call(9))]);
        assert_eq!(tree(3, 9), tree::uncached(3, 9));
    });
}

/// Calls back into the cache when it is dropped.
#[derive(Clone)]
struct Calls(Arc<Calling>);

struct Calling(u8);

impl Drop for Calling {
    fn drop(&mut self) {
        if self.0 == 1 {
            calling(2);
            calling::clear();
        }
    }
}

#[memoize(max = 1)]
fn calling(n: u8) -> Calls {
    Calls(Arc::new(Calling(n)))
}

#[test]
fn a_drop_that_calls_back() {
    explore(|| {
        let scope = testing::isolate();
        let call = |n| move || assert_eq!(calling(n).0.0, n);
        let clear = || _ = calling::clear();
        together(&scope, vec![Box::new(call(1)), Box::new(call(3)), Box::new(clear)]);
        assert!(calling::cache_info().len <= 1);
    });
}

#[test]
fn an_invalidation_from_inside_the_body() {
    #[memoize]
    fn self_critical(n: u8) -> u64 {
        let read = SOURCE.load(Ordering::SeqCst);
        self_critical::invalidate(n);
        read
    }
    explore(|| {
        let scope = testing::isolate();
        let call = || {
            let version = SOURCE.fetch_add(1, Ordering::SeqCst) + 1;
            self_critical::invalidate(1);
            assert!(self_critical(1) >= version);
        };
        together(&scope, vec![Box::new(call), Box::new(call)]);
        assert!(!self_critical::contains(1));
    });
}

#[test]
fn a_bound_holds() {
    #[memoize(max = 2, policy = lru)]
    fn bounded(n: u8) -> u8 {
        n
    }
    explore(|| {
        let scope = testing::isolate();
        let call = |first: u8| move || (first..first + 3).for_each(|n| assert_eq!(bounded(n), n));
        together(&scope, vec![Box::new(call(0)), Box::new(call(2)), Box::new(call(4))]);
        assert!(bounded::cache_info().len <= 2);
    });
}
