//! `testing::isolate`: caches and a clock of one's own.

use std::time::Duration;

use cached_core::{memoize, registry, testing};
use tests::{hit, miss};

#[memoize(ttl = 10s)]
fn shared(n: u64) -> u64 {
    n
}

#[test]
fn a_scope_starts_empty_and_leaves_nothing() {
    {
        let _scope = testing::isolate();
        miss!(shared(1) => 1);
    }
    let _scope = testing::isolate();
    assert!(!shared::contains(1));
    assert_eq!(shared::cache_info().misses, 0);
}

#[test]
fn scopes_nest_and_the_innermost_counts() {
    let _outer = testing::isolate();
    shared(1);
    {
        let inner = testing::isolate();
        miss!(shared(1) => 1);
        inner.advance(Duration::from_secs(10));
        miss!(shared(1) => 1);
    }
    hit!(shared(1) => 1);
}

#[test]
fn scopes_may_end_in_any_order() {
    let first = testing::isolate();
    let second = testing::isolate();
    shared(1);
    drop(first);
    hit!(shared(1) => 1);
    drop(second);
}

#[test]
fn other_threads_see_the_scope_only_through_wrap() {
    let scope = testing::isolate();
    shared(1);
    assert!(std::thread::spawn(scope.wrap(|| shared::contains(1))).join().unwrap());
    assert!(!std::thread::spawn(|| shared::contains(1)).join().unwrap());
}

#[test]
fn a_panic_in_a_test_leaves_the_scope() {
    let thread = std::thread::spawn(|| {
        let _ = std::panic::catch_unwind(|| {
            let _scope = testing::isolate();
            shared(77);
            panic!("a failing test");
        });
        shared::contains(77)
    });
    assert!(!thread.join().unwrap());
}

#[test]
fn the_registry_means_the_scope() {
    let _scope = testing::isolate();
    assert!(registry::all().is_empty());
    shared(1);
    shared(2);
    let names: Vec<_> = registry::all().iter().map(registry::Entry::name).collect();
    assert_eq!(names, ["it::isolation::shared"]);
    assert_eq!(registry::clear_all(), 2);
    assert_eq!(shared::cache_info().len, 0);
}

#[test]
fn many_scopes_side_by_side_are_exact() {
    let threads: Vec<_> = (0..100)
        .map(|thread: u64| {
            std::thread::spawn(move || {
                let _scope = testing::isolate();
                (0..=thread).for_each(|n| {
                    shared(n);
                });
                assert_eq!(shared::cache_info().misses, thread + 1);
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}
