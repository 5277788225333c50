//! `max_weight` and `weigher`: entries that do not all take the same room.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use cached_core::{CacheInfo, memoize, testing};
use tests::{hit, miss};

#[memoize(max_weight = 10, weigher = |_, page| page.len() as u64, policy = lru)]
fn page(name: &str, len: usize) -> String {
    name.repeat(len)
}

fn of(info: &CacheInfo) -> (usize, u64, Option<u64>) {
    (info.len, info.weight, info.max_weight)
}

#[test]
fn entries_leave_until_the_new_one_fits() {
    let _scope = testing::isolate();
    page("a", 3);
    page("b", 3);
    page("c", 4);
    assert_eq!(of(&page::cache_info()), (3, 10, Some(10)));
    hit!(page("a", 3) => "aaa");
    page("d", 5);
    assert!(page::contains("a", 3) && page::contains("d", 5));
    assert_eq!((of(&page::cache_info()), page::cache_info().evictions), ((2, 8, Some(10)), 2));
}

#[test]
fn what_weighs_as_much_as_all_may_is_kept_alone() {
    let _scope = testing::isolate();
    page("a", 3);
    miss!(page("b", 10) => "b".repeat(10));
    hit!(page("b", 10) => "b".repeat(10));
    assert_eq!(of(&page::cache_info()), (1, 10, Some(10)));
}

#[test]
fn what_is_heavier_than_all_is_returned_and_not_kept() {
    let _scope = testing::isolate();
    page("a", 3);
    miss!(page("b", 11) => "b".repeat(11));
    miss!(page("b", 11) => "b".repeat(11));
    assert!(page::contains("a", 3), "nobody leaves for it");
    assert_eq!((of(&page::cache_info()), page::cache_info().evictions), ((1, 3, Some(10)), 0));
}

#[test]
fn nothing_older_stays_in_the_place_of_what_is_too_heavy() {
    static LEN: AtomicU64 = AtomicU64::new(1);

    #[memoize(max_weight = 10, weigher = |_, weight| *weight)]
    fn grows(_id: u8) -> u64 {
        LEN.load(Ordering::Relaxed)
    }

    let _scope = testing::isolate();
    grows(1);
    LEN.store(11, Ordering::Relaxed);
    assert_eq!(grows::refresh(1), 11);
    assert!(!grows::contains(1));
    grows::insert(2, 5);
    grows::insert(2, 50);
    assert!(!grows::contains(2));
    assert_eq!(of(&grows::cache_info()), (0, 0, Some(10)));
}

#[test]
fn a_heavier_value_takes_the_place_of_a_lighter_one_of_its_key() {
    let _scope = testing::isolate();
    page::insert("a", 0, "a".repeat(4));
    page::insert("b", 0, "b".repeat(4));
    page::insert("a", 0, "a".repeat(8));
    assert!(page::contains("a", 0) && !page::contains("b", 0));
    let info = page::cache_info();
    assert_eq!((of(&info), info.evictions), ((1, 8, Some(10)), 1), "what is replaced is not evicted");
}

#[test]
fn weight_goes_with_its_entry() {
    #[memoize(max_weight = 100, weigher = |n, _| *n, ttl = 5s)]
    fn own(n: u64) -> u64 {
        n
    }

    let scope = testing::isolate();
    for n in [10, 20, 30, 40] {
        own(n);
    }
    own::invalidate(10);
    assert_eq!(own::cache_info().weight, 90);
    own::invalidate_if(|n, _| *n == 20);
    assert_eq!(own::cache_info().weight, 70);
    scope.advance(std::time::Duration::from_secs(5));
    assert_eq!(own::cache_info().weight, 0);
    own(50);
    assert_eq!((own::clear(), own::cache_info().weight), (1, 0));
}

#[test]
fn a_weight_of_zero_counts_as_one() {
    #[memoize(max_weight = 3, weigher = |_, _| 0)]
    fn light(n: u64) -> u64 {
        n
    }

    let _scope = testing::isolate();
    (0..100).for_each(|n| {
        light(n);
    });
    assert_eq!(of(&light::cache_info()), (3, 3, Some(3)));
}

#[test]
fn the_largest_weights_do_not_overflow() {
    #[memoize(max_weight = u64::MAX, weigher = |_, weight| *weight)]
    fn huge(weight: u64) -> u64 {
        weight
    }

    let _scope = testing::isolate();
    huge(1);
    miss!(huge(u64::MAX) => u64::MAX);
    assert_eq!(of(&huge::cache_info()), (1, u64::MAX, Some(u64::MAX)));
    miss!(huge(u64::MAX - 1) => u64::MAX - 1);
    huge(1);
    assert_eq!(of(&huge::cache_info()), (2, u64::MAX, Some(u64::MAX)));
    huge(2);
    let info = huge::cache_info();
    assert!(info.weight <= 3 || info.weight >= u64::MAX - 1, "{info}");
}

#[test]
fn nothing_is_kept_where_nothing_may_weigh_anything() {
    #[memoize(max_weight = 0, weigher = |_, _| -> u64 { panic!("nobody asks") })]
    fn none(n: u64) -> u64 {
        n
    }

    let _scope = testing::isolate();
    miss!(none(1) => 1);
    miss!(none(1) => 1);
}

#[test]
fn both_bounds_hold_together() {
    #[memoize(max = 3, max_weight = 10, weigher = |_, weight| *weight, policy = fifo)]
    fn both(n: u64, weight: u64) -> u64 {
        n + weight - n
    }

    let _scope = testing::isolate();
    for n in 0..5 {
        both(n, 1);
    }
    assert_eq!((both::cache_info().len, both::cache_info().weight), (3, 3));
    both(9, 9);
    assert_eq!((both::cache_info().len, both::cache_info().weight), (2, 10));
}

const BYTES: u64 = 3 * 1024;

#[test]
fn weights_are_written_as_people_write_them() {
    macro_rules! bounds {
        ($($name:ident $max:expr, $bytes:expr;)*) => { $({
            #[memoize(max_weight = $max, weigher = |_, _| 1)]
            fn $name() {}
            $name();
            assert_eq!($name::cache_info().max_weight, Some($bytes));
        })* };
    }
    bounds! {
        mebibytes 64MiB, 64 << 20;
        kilobytes 10KB, 10_000;
        half 1.5GiB, 3 << 29;
        quoted "64 KiB", 64 << 10;
        plain 10_000, 10_000;
        typed 77u64, 77;
        constant BYTES, 3072;
        product 2 * 1024, 2048;
        parenthesized (1KiB), 1024;
    }
}

#[test]
fn keys_and_values_are_seen_as_they_are_kept() {
    fn text(key: &String, value: &Vec<u8>) -> u64 {
        (key.len() + value.len()) as u64
    }

    #[memoize(max_weight = 1KB, weigher = text)]
    fn named(key: &str) -> Result<Vec<u8>, String> {
        if key.is_empty() { Err("empty".to_owned()) } else { Ok(vec![0; 10]) }
    }

    #[memoize(max_weight = 1KB, weigher = |(id, name), _| u64::from(*id) + name.len() as u64)]
    fn pair(id: u32, name: &str) -> usize {
        id as usize + name.len()
    }

    #[memoize(max_weight = 1KB, weigher = |key, value: &u64| { let _: &(u32, usize) = key; *value }, key = (id, name.len()) as (u32, usize))]
    fn keyed(id: u32, name: &str) -> u64 {
        u64::from(id) + name.len() as u64
    }

    #[memoize(max_weight = 1KB, weigher = |_, value| 2 * *value, key = name.len())]
    fn unnamed(name: &str) -> u64 {
        name.len() as u64
    }

    #[memoize(max_weight = 1KB, weigher = |_, value| value.len() as u64)]
    fn generic<T: std::hash::Hash + Eq + Clone + Send + Sync + 'static>(value: Vec<T>) -> Vec<T> {
        value
    }

    let _scope = testing::isolate();
    assert!(named("").is_err());
    assert_eq!(named("abc").unwrap().len(), 10);
    assert_eq!(named::cache_info().weight, 13);
    pair(5, "ab");
    assert_eq!(pair::cache_info().weight, 7);
    keyed(5, "ab");
    assert_eq!(keyed::cache_info().weight, 7);
    unnamed("abc");
    assert_eq!(unnamed::cache_info().weight, 6);
    generic(vec![1_u8, 2, 3]);
    assert_eq!(generic::cache_info::<u8>().weight, 3);
}

#[test]
fn asynchronous_loads_and_batches_weigh_too() {
    #[memoize(max_weight = 10, weigher = |_, page| page.len() as u64)]
    async fn fetched(len: usize) -> String {
        "x".repeat(len)
    }

    #[memoize(batch, max_weight = 10, weigher = |_, value| value.map_or(1, |value| value))]
    fn all(keys: &[u64]) -> HashMap<u64, u64> {
        keys.iter().filter(|key| **key != 0).map(|key| (*key, *key)).collect()
    }

    let _scope = testing::isolate();
    pollster::block_on(async {
        fetched(4).await;
        fetched(6).await;
        assert_eq!(fetched(11).await.len(), 11);
    });
    assert_eq!(of(&fetched::cache_info()), (2, 10, Some(10)));
    assert_eq!(all(&[0, 3, 6, 11]).len(), 3);
    assert_eq!(of(&all::cache_info()), (3, 10, Some(10)));
}

#[test]
fn a_weigher_may_call_anything() {
    #[memoize(max_weight = 100, weigher = |n, value| {
        assert!(!busy::contains(*n), "it is weighed before it is stored");
        if *n > 0 { busy(*n - 1) + busy::cache_info().len as u64 } else { *value }
    })]
    fn busy(n: u64) -> u64 {
        n + 1
    }

    let _scope = testing::isolate();
    assert_eq!(busy(3), 4);
    assert_eq!(of(&busy::cache_info()), (4, 1 + (1 + 1) + (2 + 2) + (3 + 3), Some(100)));
}

#[test]
fn a_weigher_that_panics_leaves_the_cache_whole() {
    static FAILS: AtomicBool = AtomicBool::new(false);

    #[memoize(max_weight = 100, weigher = |_, value| {
        assert!(!FAILS.load(Ordering::Relaxed), "no scales");
        *value
    })]
    fn weighed(n: u64) -> u64 {
        n
    }

    let _scope = testing::isolate();
    weighed(1);
    FAILS.store(true, Ordering::Relaxed);
    for _ in 0..2 {
        assert!(catch_unwind(|| weighed(2)).is_err());
        assert!(catch_unwind(AssertUnwindSafe(|| weighed::insert(1, 7))).is_err());
    }
    FAILS.store(false, Ordering::Relaxed);
    hit!(weighed(1) => 1);
    miss!(weighed(2) => 2);
    hit!(weighed(2) => 2);
    assert_eq!(of(&weighed::cache_info()), (2, 3, Some(100)));
}

/// The caller that weighs panics; one that waits for it loads for itself.
#[test]
fn those_who_wait_outlive_a_weigher_that_panics() {
    static FIRST: AtomicBool = AtomicBool::new(true);

    #[memoize(max_weight = 100, weigher = |_, _| {
        if FIRST.swap(false, Ordering::SeqCst) {
            panic!("no scales");
        }
        1
    })]
    fn waited(_n: u64) -> u64 {
        7
    }

    let start = Barrier::new(2);
    let call = || {
        start.wait();
        catch_unwind(|| waited(1)).ok()
    };
    let (a, b) = std::thread::scope(|scope| {
        let (a, b) = (scope.spawn(call), scope.spawn(call));
        (a.join().unwrap(), b.join().unwrap())
    });
    assert_eq!([a, b].iter().flatten().count(), 1, "one panicked, the other has its value");
    assert!(waited::contains(1));
}

macro_rules! under_policies {
    ($($policy:ident)*) => { $(
        #[test]
        fn $policy() {
            #[memoize(max_weight = 1000, weigher = |_, value| *value, policy = $policy)]
            fn load(n: u64) -> u64 {
                n % 97 + 1
            }

            let start = Barrier::new(8);
            std::thread::scope(|scope| {
                for thread in 0..8_u64 {
                    let start = &start;
                    scope.spawn(move || {
                        start.wait();
                        for step in 0..1500 {
                            let n = (step * 7 + thread * 13) % 400;
                            match step % 10 {
                                7 => load::insert(n, step % 1200),
                                8 => drop(load::invalidate(n)),
                                9 => drop(load::refresh(n)),
                                _ => drop(load(n)),
                            }
                        }
                    });
                }
            });
            let info = load::cache_info();
            let (mut len, mut weight) = (0, 0);
            load::invalidate_if(|_, value| {
                len += 1;
                weight += (*value).max(1);
                false
            });
            assert_eq!((info.len, info.weight), (len, weight));
            assert!(weight <= 1000 && weight > 500, "{info}");
            assert!(info.evictions > 0);
        }
    )* };
}

mod eight_writers {
    use super::*;

    under_policies!(adaptive lru lfu fifo sieve s3fifo tinylfu lirs arc random);
}
