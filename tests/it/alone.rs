//! `single_flight = false`: who misses while a load runs leads another beside it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Barrier, LazyLock};
use std::thread;

use cached_core::{Cache, memoize, testing};

const CALLERS: usize = 4;

#[test]
fn all_who_miss_run_the_body_and_one_value_is_kept() {
    static INSIDE: Barrier = Barrier::new(CALLERS);
    static RUNS: AtomicU64 = AtomicU64::new(0);
    #[memoize(single_flight = false)]
    fn meeting(n: u64) -> u64 {
        // Nobody gets past this who is alone.
        INSIDE.wait();
        n + RUNS.fetch_add(1, Ordering::Relaxed)
    }
    let mut got: Vec<u64> = thread::scope(|threads| {
        let callers: Vec<_> = (0..CALLERS).map(|_| threads.spawn(|| meeting(10))).collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    });
    got.sort_unstable();
    assert_eq!(got, [10, 11, 12, 13]);
    assert!(got.contains(&meeting(10)));
    let info = meeting::cache_info();
    assert_eq!((info.misses, info.coalesced, info.loads, info.hits, info.len), (4, 0, 4, 1, 1));
}

#[test]
fn what_was_read_before_an_invalidation_is_not_kept_by_anyone() {
    static INSIDE: Barrier = Barrier::new(3);
    #[memoize(single_flight = false)]
    fn read(n: u64) -> u64 {
        if n == 1 {
            INSIDE.wait();
            INSIDE.wait();
        }
        n
    }
    thread::scope(|threads| {
        (0..2).for_each(|_| _ = threads.spawn(|| assert_eq!(read(1), 1)));
        INSIDE.wait();
        read::invalidate(1);
        INSIDE.wait();
    });
    assert!(!read::contains(1));
    assert_eq!((read(2), read(2), read::cache_info().hits), (2, 2, 1));
}

#[test]
fn a_failure_is_the_callers_own() {
    static INSIDE: Barrier = Barrier::new(2);
    static RUNS: AtomicU64 = AtomicU64::new(0);
    #[memoize(single_flight = false, errors = 60s)]
    fn first_fails(n: u64) -> Result<u64, String> {
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        INSIDE.wait();
        if run == 0 { Err("the first".to_owned()) } else { Ok(n) }
    }
    let results: Vec<_> = thread::scope(|threads| {
        let callers: Vec<_> = (0..2).map(|_| threads.spawn(|| first_fails(1))).collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    });
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let info = first_fails::cache_info();
    assert_eq!((info.misses, info.loads, info.load_failures, info.len), (2, 1, 1, 1));
}

#[memoize(single_flight = false)]
fn endless(n: u64) -> u64 {
    detour(n)
}

#[memoize(single_flight = false)]
fn detour(n: u64) -> u64 {
    endless(n)
}

#[test]
fn a_circle_is_still_reported() {
    let _scope = testing::isolate();
    let panic = catch_unwind(|| endless(7)).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains("endless(7)") && message.contains("detour(7)"), "{message}");
    assert!(!endless::contains(7) && !detour::contains(7));
}

#[test]
fn a_circle_beside_a_load_of_the_same_key_is_reported() {
    static INSIDE: Barrier = Barrier::new(2);
    #[memoize(single_flight = false)]
    fn inner(n: u64) -> u64 {
        INSIDE.wait();
        n + inner(n)
    }
    let panics: Vec<bool> = thread::scope(|threads| {
        let callers: Vec<_> =
            (0..2).map(|_| threads.spawn(|| catch_unwind(AssertUnwindSafe(|| inner(1))).is_err())).collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    });
    assert_eq!(panics, [true, true]);
}

#[tokio::test]
async fn tasks_drive_their_own_bodies() {
    static INSIDE: LazyLock<tokio::sync::Barrier> = LazyLock::new(|| tokio::sync::Barrier::new(3));
    #[memoize(single_flight = false)]
    async fn meeting(n: u64) -> u64 {
        INSIDE.wait().await;
        n
    }
    #[memoize(single_flight = false)]
    async fn borrowed(text: &str) -> usize {
        INSIDE.wait().await;
        text.len()
    }
    assert_eq!(tokio::join!(meeting(1), meeting(1), meeting(1)), (1, 1, 1));
    assert_eq!(tokio::join!(borrowed("ab"), borrowed("ab"), borrowed("ab")), (2, 2, 2));
    for info in [meeting::cache_info(), borrowed::cache_info()] {
        assert_eq!((info.misses, info.coalesced, info.loads, info.len), (3, 0, 3, 1));
    }
}

#[test]
fn a_cache_without_a_function_can_be_told_so() {
    let cache: Cache<u64, u64> = Cache::builder().single_flight(false).build();
    let inside = Barrier::new(2);
    thread::scope(|threads| {
        for n in 0..2 {
            let (cache, inside) = (&cache, &inside);
            threads.spawn(move || {
                let load = || {
                    inside.wait();
                    n
                };
                assert_eq!(cache.get_or_load(1, load), n);
            });
        }
    });
    assert_eq!((cache.info().loads, cache.info().coalesced, cache.info().len), (2, 0, 1));
}

#[test]
fn true_is_what_it_is_anyway() {
    #[memoize(single_flight = true)]
    fn shared(n: u64) -> u64 {
        n
    }
    assert_eq!((shared(1), shared(1), shared::cache_info().hits), (1, 1, 1));
}
