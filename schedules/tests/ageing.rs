//! What has grown old, while it is reloaded, invalidated, and its scope ends.
#![cfg(shuttle)]

use std::time::Duration;

use cached_core::{memoize, runtime, testing};
use schedules::{boom, caught, explore, pause};
use shuttle::future::{JoinHandle, block_on, spawn, yield_now};
use shuttle::sync::Mutex;
use shuttle::sync::atomic::{AtomicU64, Ordering};
use shuttle::thread;

shuttle::lazy_static! {
    static ref SOURCE: AtomicU64 = AtomicU64::new(0);
    static ref KNOWN: AtomicU64 = AtomicU64::new(0);
    static ref RUNS: AtomicU64 = AtomicU64::new(0);
}

fn read() -> u64 {
    RUNS.fetch_add(1, Ordering::SeqCst);
    let read = SOURCE.load(Ordering::SeqCst);
    pause();
    read
}

async fn read_later() -> u64 {
    RUNS.fetch_add(1, Ordering::SeqCst);
    let read = SOURCE.load(Ordering::SeqCst);
    yield_now().await;
    read
}

#[memoize(refresh_after = 30s)]
fn reloaded(_key: u8) -> u64 {
    read()
}

#[memoize(refresh_after = 30s)]
async fn reloaded_later(_key: u8) -> u64 {
    read_later().await
}

#[memoize(ttl = 30s, stale_if_error = 60s)]
fn fallible(_key: u8) -> Result<u64, ()> {
    let read = read();
    if read == 1 { Err(()) } else { Ok(read) }
}

#[memoize(ttl = 30s, stale_if_error = 60s, soft_timeout = 1s)]
async fn soft_later(_key: u8) -> Result<u64, ()> {
    Ok(read_later().await)
}

shuttle::lazy_static! {
    static ref TASKS: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());
}

/// Has reloads run in tasks.
fn spawning() {
    runtime::set_spawn(|task| TASKS.lock().unwrap().push(spawn(task)));
}

/// Waits for all of them.
fn settle() {
    loop {
        let task = TASKS.lock().unwrap().pop();
        let Some(task) = task else { return };
        block_on(task).unwrap();
    }
}

/// An entry that is old; two who call; one who changes the source and invalidates. Who calls after that gets neither what was there nor
/// what a reload had read before.
fn nobody_reads_the_past(call: fn() -> u64, invalidate: fn()) {
    let scope = testing::isolate();
    call();
    scope.advance(Duration::from_secs(31));
    let asks = move || {
        for _ in 0..2 {
            let known = KNOWN.load(Ordering::SeqCst);
            let read = call();
            assert!(read >= known, "read {read} after {known} was known");
        }
    };
    let writes = move || {
        SOURCE.store(2, Ordering::SeqCst);
        invalidate();
        KNOWN.store(2, Ordering::SeqCst);
        assert_eq!(call(), 2);
    };
    let threads =
        [thread::spawn(scope.wrap(asks)), thread::spawn(scope.wrap(asks)), thread::spawn(scope.wrap(writes))];
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(call(), 2);
    settle();
}

#[test]
fn a_reload_and_an_invalidation() {
    explore(|| nobody_reads_the_past(|| reloaded(0), || _ = reloaded::invalidate(0)));
}

#[test]
fn a_reload_of_a_task_and_an_invalidation() {
    spawning();
    explore(|| nobody_reads_the_past(|| block_on(reloaded_later(0)), || _ = reloaded_later::clear()));
}

#[test]
fn an_old_value_in_the_place_of_an_error_and_an_invalidation() {
    explore(|| {
        let scope = testing::isolate();
        assert_eq!(fallible(0), Ok(0));
        scope.advance(Duration::from_secs(31));
        SOURCE.store(1, Ordering::SeqCst);
        // Before the invalidation the old value may stand in; after it nothing may.
        let asks = || {
            let known = KNOWN.load(Ordering::SeqCst);
            let result = fallible(0);
            assert!(known == 0 || result.is_err(), "{result:?} after its end");
        };
        let writes = || {
            fallible::invalidate(0);
            KNOWN.store(1, Ordering::SeqCst);
        };
        let threads = [
            thread::spawn(scope.wrap(asks)),
            thread::spawn(scope.wrap(asks)),
            thread::spawn(scope.wrap(writes)),
        ];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(fallible(0), Err(()));
    });
}

/// The time is over at any moment: the old value, or the new one, but none from before an invalidation.
#[test]
fn a_soft_timeout_and_an_invalidation() {
    spawning();
    explore(|| {
        let scope = testing::isolate();
        assert_eq!(block_on(soft_later(0)), Ok(0));
        scope.advance(Duration::from_secs(31));
        let asks = || {
            let known = KNOWN.load(Ordering::SeqCst);
            let read = block_on(soft_later(0)).unwrap();
            assert!(read >= known, "read {read} after {known} was known");
        };
        let writes = || {
            SOURCE.store(2, Ordering::SeqCst);
            soft_later::invalidate(0);
            KNOWN.store(2, Ordering::SeqCst);
        };
        let clock = scope.clone();
        let turns = move || clock.advance(Duration::from_secs(1));
        let threads = [
            thread::spawn(scope.wrap(asks)),
            thread::spawn(scope.wrap(asks)),
            thread::spawn(scope.wrap(writes)),
            thread::spawn(turns),
        ];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(block_on(soft_later(0)), Ok(2));
        settle();
    });
}

/// Of those who find an old value, one at a time reloads it, and all are answered.
#[test]
fn one_reload_at_a_time() {
    spawning();
    explore(|| {
        let scope = testing::isolate();
        block_on(reloaded_later(0));
        scope.advance(Duration::from_secs(31));
        let asks = || assert_eq!(block_on(reloaded_later(0)), 0);
        let threads = [0, 1, 2].map(|_| thread::spawn(scope.wrap(asks)));
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        settle();
        let info = reloaded_later::cache_info();
        assert_eq!((info.hits, info.misses, info.coalesced), (3, 1, 0));
        assert!(info.refreshes <= 1 && RUNS.load(Ordering::SeqCst) <= 2, "{info}");
    });
}

/// A scope ends while loads run that began in it: they end, and who calls in another one has nothing of it.
#[test]
fn the_end_of_a_scope_and_loads() {
    #[memoize]
    fn scoped(_key: u8) -> u64 {
        read()
    }
    explore(|| {
        let outer = testing::isolate();
        let threads = {
            let scope = testing::isolate();
            let call = || thread::spawn(scope.wrap(|| scoped(0)));
            [call(), call()]
        };
        SOURCE.store(7, Ordering::SeqCst);
        assert_eq!(scoped(0), 7);
        assert_eq!(scoped::cache_info().loads, 1);
        threads.into_iter().for_each(|thread| assert!([0, 7].contains(&thread.join().unwrap())));
        drop(outer);
    });
}

/// A reload that panics is nobody's, and the key works.
#[test]
fn a_reload_that_panics() {
    #[memoize(refresh_after = 30s)]
    fn fragile(_key: u8) -> u64 {
        if RUNS.fetch_add(1, Ordering::SeqCst) == 1 { boom() } else { 5 }
    }
    explore(|| {
        let scope = testing::isolate();
        fragile(0);
        scope.advance(Duration::from_secs(31));
        let asks = || caught(|| assert_eq!(fragile(0), 5)).is_err();
        let threads = [0, 1].map(|_| thread::spawn(scope.wrap(asks)));
        let panics = threads.map(|thread| thread.join().unwrap());
        assert!(panics.iter().filter(|panicked| **panicked).count() <= 1, "the one's that reloads it");
        scope.advance(Duration::from_secs(31));
        assert_eq!(fragile(0), 5);
    });
}
