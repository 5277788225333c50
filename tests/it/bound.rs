//! `max`, and who leaves when it is reached.

use std::sync::atomic::{AtomicUsize, Ordering};

use cached_core::{memoize, testing};
use tests::{hit, miss};

#[memoize(max = 2, policy = lru)]
fn two(n: u64) -> u64 {
    n * 10
}

#[test]
fn the_least_recently_used_entry_leaves() {
    let _scope = testing::isolate();
    two(1);
    two(2);
    hit!(two(1) => 10);
    two(3);
    assert!(two::contains(1) && two::contains(3) && !two::contains(2));
    assert_eq!(two::cache_info().evictions, 1);
}

#[test]
fn looking_is_no_use() {
    let _scope = testing::isolate();
    two(1);
    two(2);
    assert!(two::contains(1));
    assert_eq!(two::peek(1), Some(10));
    two(3);
    assert!(!two::contains(1));
}

#[test]
fn inserting_and_refreshing_are_uses() {
    let _scope = testing::isolate();
    two(1);
    two(2);
    two::insert(1, 11);
    two(3);
    assert!(two::contains(1) && !two::contains(2));
    two::refresh(1);
    two(4);
    assert!(two::contains(1) && !two::contains(3));
}

#[memoize(max = 1)]
fn one(n: u64) -> u64 {
    n
}

#[test]
fn max_one_keeps_the_last() {
    let _scope = testing::isolate();
    miss!(one(1) => 1);
    hit!(one(1) => 1);
    miss!(one(2) => 2);
    miss!(one(1) => 1);
    assert_eq!(one::cache_info().len, 1);
}

/// A bound that is as good as none, as a configuration may have it, costs what is kept and not what could be.
macro_rules! boundless {
    ($($policy:ident)*) => {
        static MAX: AtomicUsize = AtomicUsize::new(0);

        $(mod $policy {
            #[super::memoize(max = super::MAX.load(super::Ordering::Relaxed), policy = $policy)]
            pub(super) fn echo(n: u64) -> u64 {
                n
            }
        })*

        #[test]
        fn a_bound_may_be_beyond_all_that_fits() {
            for max in [usize::MAX, usize::MAX / 2, usize::MAX >> 24] {
                MAX.store(max, Ordering::Relaxed);
                let _scope = testing::isolate();
                $(
                    (0..1000).for_each(|n| _ = $policy::echo(n % 500));
                    let info = $policy::echo::cache_info();
                    assert_eq!((info.hits, info.len, info.max), (500, 500, Some(max)));
                )*
            }
        }
    };
}

boundless!(adaptive lru lfu fifo sieve s3fifo tinylfu lirs arc random);

#[memoize(max = 0)]
fn none(n: u64) -> u64 {
    n
}

#[test]
fn max_zero_keeps_nothing() {
    let _scope = testing::isolate();
    miss!(none(1) => 1);
    miss!(none(1) => 1);
    none::insert(1, 5);
    miss!(none(1) => 1);
    let info = none::cache_info();
    assert_eq!((info.len, info.max, info.evictions), (0, Some(0), 0));
}

#[memoize]
fn unbounded(n: u64) -> u64 {
    n
}

#[test]
fn without_max_everything_stays() {
    let _scope = testing::isolate();
    (0..5000).for_each(|n| {
        unbounded(n);
    });
    let info = unbounded::cache_info();
    assert_eq!((info.len, info.max, info.evictions), (5000, None, 0));
    (0..5000).for_each(|n| hit!(unbounded(n) => n));
}

const MANY: usize = 3000;

#[memoize(max = MANY, policy = lru)]
fn many(n: usize) -> usize {
    n
}

/// However the cache is divided inside, it holds what `max` says, and the order is that of one list.
#[test]
fn a_large_bound_is_as_exact_as_a_small_one() {
    let _scope = testing::isolate();
    (0..MANY).for_each(|n| {
        many(n);
    });
    assert_eq!(many::cache_info().evictions, 0);
    (0..MANY).step_by(2).for_each(|n| hit!(many(n) => n));
    // The odd ones are the oldest now, in their order.
    for n in 0..MANY / 2 {
        many(MANY + n);
        assert!(!many::contains(2 * n + 1), "{n}");
        assert_eq!(many::cache_info().len, MANY);
    }
    (0..MANY).step_by(2).for_each(|n| assert!(many::contains(n)));
}

#[memoize(max = 2 * 4)]
fn eight(n: u64) -> u64 {
    n
}

#[test]
fn max_is_an_expression() {
    let _scope = testing::isolate();
    (0..20).for_each(|n| {
        eight(n);
    });
    assert_eq!((eight::cache_info().len, eight::cache_info().max), (8, Some(8)));
}
