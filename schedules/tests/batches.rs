//! Batches: keys that are loaded together, while some of them are invalidated, and callers that want some of the same.
#![cfg(shuttle)]

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use cached_core::{Cache, memoize, testing};
use schedules::{block_on, boom, caught, explore, pause};
use shuttle::future::yield_now;
use shuttle::sync::atomic::{AtomicU64, Ordering};
use shuttle::thread;

shuttle::lazy_static! {
    static ref SOURCE: AtomicU64 = AtomicU64::new(0);
    static ref KNOWN: AtomicU64 = AtomicU64::new(0);
    static ref RUNS: AtomicU64 = AtomicU64::new(0);
    static ref LOADED: AtomicU64 = AtomicU64::new(0);
}

/// For each key what the source says.
fn read(keys: &[u8]) -> Vec<u64> {
    LOADED.fetch_add(keys.len() as u64, Ordering::SeqCst);
    let read = SOURCE.load(Ordering::SeqCst);
    pause();
    vec![read; keys.len()]
}

#[memoize(batch)]
fn many(keys: &[u8]) -> Vec<u64> {
    read(keys)
}

#[memoize(batch)]
async fn many_later(keys: &[u8]) -> Vec<u64> {
    let read = read(keys);
    yield_now().await;
    read
}

#[memoize(batch, max_batch = 8, window = 0ns)]
fn gathered(keys: &[u8]) -> Vec<u64> {
    read(keys)
}

#[memoize(batch, max_batch = 8)]
async fn gathered_later(keys: &[u8]) -> Vec<u64> {
    let read = read(keys);
    yield_now().await;
    read
}

/// Two who ask for overlapping keys, and one who changes the source and invalidates one of them.
fn nobody_reads_the_past(call: fn(&[u8]) -> Vec<u64>, invalidate: fn()) {
    let scope = testing::isolate();
    let asks = |keys: [u8; 2]| {
        move || {
            let known = KNOWN.load(Ordering::SeqCst);
            for (key, read) in keys.into_iter().zip(call(&keys)) {
                assert!(key != 1 || read >= known, "read {read} after {known} was known");
            }
        }
    };
    let writes = move || {
        SOURCE.store(1, Ordering::SeqCst);
        invalidate();
        KNOWN.store(1, Ordering::SeqCst);
    };
    let threads = [
        thread::spawn(scope.wrap(asks([0, 1]))),
        thread::spawn(scope.wrap(asks([1, 2]))),
        thread::spawn(scope.wrap(writes)),
    ];
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(call(&[1]), [1]);
}

#[test]
fn slices_and_an_invalidation() {
    explore(|| nobody_reads_the_past(many, || _ = many::invalidate(1)));
}

#[test]
fn slices_of_tasks_and_an_invalidation() {
    explore(|| nobody_reads_the_past(|keys| block_on(many_later(keys)), || _ = many_later::invalidate(1)));
}

/// Each key is loaded once, whoever asks for it in whatever company.
#[test]
fn each_key_is_loaded_once() {
    explore(|| {
        let scope = testing::isolate();
        let asks =
            |keys: &'static [u8]| thread::spawn(scope.wrap(move || assert_eq!(many(keys).len(), keys.len())));
        let threads = [asks(&[0, 1, 2]), asks(&[2, 1]), asks(&[1, 3, 0])];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let info = many::cache_info();
        assert_eq!((LOADED.load(Ordering::SeqCst), info.misses, info.loads), (4, 4, 4));
        assert_eq!(info.hits + info.coalesced, 4);
    });
}

/// Single loads that may share a run, and an invalidation that takes one of them out of it again.
#[test]
fn gathering_threads_and_an_invalidation() {
    explore(|| {
        let scope = testing::isolate();
        let loads = |key: u8| {
            move || {
                let known = KNOWN.load(Ordering::SeqCst);
                let read = gathered::load(key);
                assert!(key != 1 || read >= known, "read {read} after {known} was known");
                RUNS.fetch_add(1, Ordering::SeqCst);
            }
        };
        let writes = || {
            SOURCE.store(1, Ordering::SeqCst);
            gathered::invalidate(1);
            KNOWN.store(1, Ordering::SeqCst);
        };
        let threads = [
            thread::spawn(scope.wrap(loads(0))),
            thread::spawn(scope.wrap(loads(1))),
            thread::spawn(scope.wrap(writes)),
        ];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let info = gathered::cache_info();
        assert_eq!((info.hits + info.misses + info.coalesced, RUNS.load(Ordering::SeqCst)), (2, 2), "{info}");
    });
}

/// Polls a call so many times and then leaves it.
async fn give_up(call: impl Future<Output = u64>, polls: u32) {
    let mut call = Box::pin(call);
    for _ in 0..polls {
        let once = std::future::poll_fn(|cx: &mut Context<'_>| Poll::Ready(Pin::new(&mut call).poll(cx)));
        if once.await.is_ready() {
            return;
        }
    }
}

/// Tasks that gather, one of which leaves, and an invalidation.
#[test]
fn gathering_tasks_and_an_invalidation() {
    explore(|| {
        let scope = testing::isolate();
        let loads = |key: u8| {
            move || {
                let known = KNOWN.load(Ordering::SeqCst);
                let read = block_on(gathered_later::load(key));
                assert!(key != 1 || read >= known, "read {read} after {known} was known");
            }
        };
        let leaves = || block_on(give_up(gathered_later::load(2), 2));
        let writes = || {
            SOURCE.store(1, Ordering::SeqCst);
            gathered_later::invalidate(1);
            KNOWN.store(1, Ordering::SeqCst);
        };
        let threads = [
            thread::spawn(scope.wrap(loads(0))),
            thread::spawn(scope.wrap(loads(1))),
            thread::spawn(scope.wrap(leaves)),
            thread::spawn(scope.wrap(writes)),
        ];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(block_on(gathered_later(&[1])), [1]);
    });
}

/// A run that panics, in its body or because of what that returned, is its own caller's, whoever drives it; one of the others loads for
/// all of them.
#[test]
fn a_run_that_panics() {
    #[memoize(batch)]
    async fn fragile(keys: &[u8]) -> Vec<u64> {
        let run = RUNS.fetch_add(1, Ordering::SeqCst);
        yield_now().await;
        match (run, keys[0]) {
            (0, 0) => boom(),
            (0, _) => Vec::new(),
            _ => vec![5; keys.len()],
        }
    }
    let scenario = |key: &'static [u8]| {
        let scope = testing::isolate();
        let call = || thread::spawn(scope.wrap(move || caught(|| block_on(fragile(key))).is_err()));
        let panics = [call(), call(), call()].map(|call| call.join().unwrap());
        assert_eq!(
            panics.into_iter().filter(|panicked| *panicked).count(),
            1,
            "its own caller's, nobody else's"
        );
        let info = fragile::cache_info();
        assert_eq!((info.misses, info.loads, info.load_failures, info.hits + info.coalesced), (2, 1, 1, 1));
    };
    explore(move || scenario(&[0]));
    explore(move || scenario(&[1]));
}

/// A cache that threads and tasks share: one load for all of them, and none from before an invalidation.
#[test]
fn threads_and_tasks_of_one_cache() {
    explore(|| {
        let cache: Cache<u8, u64> = Cache::default();
        let asks = |is_task: bool| {
            let cache = cache.clone();
            move || {
                let known = KNOWN.load(Ordering::SeqCst);
                let load = || {
                    let read = SOURCE.load(Ordering::SeqCst);
                    pause();
                    read
                };
                let read = if is_task {
                    block_on(cache.get_or_load_async(0, || async {
                        yield_now().await;
                        load()
                    }))
                } else {
                    cache.get_or_load(0, load)
                };
                assert!(read >= known, "read {read} after {known} was known");
            }
        };
        let writes = {
            let cache = cache.clone();
            move || {
                SOURCE.store(1, Ordering::SeqCst);
                cache.invalidate(&0);
                KNOWN.store(1, Ordering::SeqCst);
            }
        };
        let threads = [
            thread::spawn(asks(true)),
            thread::spawn(asks(false)),
            thread::spawn(asks(true)),
            thread::spawn(writes),
        ];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let info = cache.info();
        assert_eq!(info.hits + info.misses + info.coalesced, 3, "{info}");
        assert_eq!(caught(|| cache.get_or_load(0, || 1)), Ok(1));
    });
}
