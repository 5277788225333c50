//! A thousand tests of one crate, side by side, over the same four functions: each has its own scope, and finds in it exactly what it
//! did itself.

use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use cached_core::{CacheInfo, Scope, memoize, registry, testing};
use tokio::runtime::Runtime;

#[memoize(ttl = 60s)]
fn price(id: u64) -> u64 {
    id * 100
}

#[memoize(max = 4, policy = lru)]
fn stock(id: u64) -> u64 {
    id + 1
}

#[memoize]
async fn fetch(id: u64) -> u64 {
    tokio::task::yield_now().await;
    price(id)
}

#[memoize(scope = request)]
fn user(id: u64) -> Arc<u64> {
    Arc::new(id)
}

/// Of one runtime for all tests, so that its threads run tasks of many scopes in turn.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(3)
            .build()
            .expect("the system gives threads")
    })
}

#[derive(Debug, PartialEq)]
struct Counts {
    hits: u64,
    misses: u64,
    coalesced: u64,
    loads: u64,
    evictions: u64,
    expirations: u64,
    invalidations: u64,
    len: usize,
}

fn counts(info: &CacheInfo) -> Counts {
    Counts {
        hits: info.hits,
        misses: info.misses,
        coalesced: info.coalesced,
        loads: info.loads,
        evictions: info.evictions,
        expirations: info.expirations,
        invalidations: info.invalidations,
        len: info.len,
    }
}

const NONE: Counts = Counts {
    hits: 0,
    misses: 0,
    coalesced: 0,
    loads: 0,
    evictions: 0,
    expirations: 0,
    invalidations: 0,
    len: 0,
};

/// The same for all: nothing is there, then what the test does, and at the end nothing but that was done.
fn check(number: u64) {
    let scope = testing::isolate();
    assert!(registry::all().is_empty());
    let keys = number % 13 + 1;
    match number % 5 {
        0 => one_thread(keys),
        1 => a_clock(&scope, keys),
        2 => threads(&scope, keys),
        3 => tasks(&scope, keys),
        _ => requests(keys),
    }
}

fn one_thread(keys: u64) {
    (0..keys).for_each(|id| assert_eq!((price(id), price(id), stock(id)), (id * 100, id * 100, id + 1)));
    assert_eq!(
        counts(&price::cache_info()),
        Counts { hits: keys, misses: keys, loads: keys, len: keys as usize, ..NONE }
    );
    let len = keys.min(4);
    let evictions = keys - len;
    assert_eq!(
        counts(&stock::cache_info()),
        Counts { misses: keys, loads: keys, evictions, len: len as usize, ..NONE }
    );
    assert_eq!(registry::clear_all() as u64, keys + len);
    assert_eq!(price::cache_info().invalidations, keys);
}

fn a_clock(scope: &Scope, keys: u64) {
    for round in 0..keys {
        price(7);
        scope.advance(Duration::from_secs(59));
        price(7);
        let seen = counts(&price::cache_info());
        assert_eq!((seen.hits, seen.misses, seen.expirations), (round + 1, round + 1, round));
        scope.advance(Duration::from_secs(1));
    }
    assert_eq!(price::cache_info().len, 0);
}

fn threads(scope: &Scope, keys: u64) {
    let threads: Vec<_> = (0..3)
        .map(|_| thread::spawn(scope.wrap(move || (0..keys).map(price).sum::<u64>())))
        .chain([thread::spawn(|| 0)])
        .map(|thread| thread.join().expect("no test of these panics"))
        .collect();
    let sum = keys * (keys - 1) / 2 * 100;
    assert_eq!(threads, [sum, sum, sum, 0]);
    let seen = counts(&price::cache_info());
    assert_eq!((seen.misses, seen.loads, seen.len as u64), (keys, keys, keys));
    assert_eq!(seen.hits + seen.coalesced, 2 * keys);
}

fn tasks(scope: &Scope, keys: u64) {
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            runtime().spawn(scope.run(async move {
                for id in 0..keys {
                    assert_eq!(fetch(id).await, id * 100);
                }
            }))
        })
        .collect();
    runtime().block_on(async {
        for task in tasks {
            task.await.expect("no test of these panics");
        }
    });
    let seen = counts(&fetch::cache_info());
    assert_eq!((seen.misses, seen.loads, seen.len as u64), (keys, keys, keys));
    assert_eq!(seen.hits + seen.coalesced, 3 * keys);
    assert_eq!(
        counts(&price::cache_info()),
        Counts { misses: keys, loads: keys, len: keys as usize, ..NONE }
    );
}

fn requests(keys: u64) {
    let held: Vec<Arc<u64>> = (0..keys)
        .map(|id| {
            let request = Scope::new();
            let handle = request.wrap(move || {
                price(7);
                assert!(Arc::ptr_eq(&user(id), &user(id)));
                assert_eq!(
                    counts(&user::cache_info()),
                    Counts { hits: 1, misses: 1, loads: 1, len: 1, ..NONE }
                );
                user(id)
            });
            handle()
        })
        .collect();
    assert!(held.iter().all(|value| Arc::strong_count(value) == 1), "what a request holds goes with it");
    assert_eq!(counts(&user::cache_info()), Counts { hits: 2 * keys, misses: keys, loads: keys, ..NONE });
    assert_eq!(counts(&price::cache_info()), Counts { hits: keys - 1, misses: 1, loads: 1, len: 1, ..NONE });
}

/// Ten of something for each of ten letters.
macro_rules! ten {
    ($each:ident, $n:expr) => {
        $each!(a, $n * 10);
        $each!(b, $n * 10 + 1);
        $each!(c, $n * 10 + 2);
        $each!(d, $n * 10 + 3);
        $each!(e, $n * 10 + 4);
        $each!(f, $n * 10 + 5);
        $each!(g, $n * 10 + 6);
        $each!(h, $n * 10 + 7);
        $each!(i, $n * 10 + 8);
        $each!(j, $n * 10 + 9);
    };
}

macro_rules! hundred {
    ($name:ident, $n:expr) => {
        mod $name {
            ten!(decade, $n);
        }
    };
}

macro_rules! decade {
    ($name:ident, $n:expr) => {
        mod $name {
            ten!(one, $n);
        }
    };
}

macro_rules! one {
    ($name:ident, $n:expr) => {
        #[test]
        fn $name() {
            crate::check($n);
        }
    };
}

ten!(hundred, 0);
