//! Loads that only their own caller can poll, and callers who let them lie: whoever waits watches whether they go on.
//!
//! An alarm goes off here at any time, and whoever looks at the clock moves it; so those who watch lose patience early, late,
//! and wrongly, too.
#![cfg(shuttle)]

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use cached_core::{Cache, memoize, testing};
use schedules::{block_on, explore, pause};
use shuttle::future::yield_now;
use shuttle::sync::Mutex;
use shuttle::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use shuttle::thread::{self, JoinHandle};

shuttle::lazy_static! {
    static ref RUNS: AtomicU64 = AtomicU64::new(0);
    static ref SOURCE: AtomicU64 = AtomicU64::new(0);
    static ref KNOWN: AtomicU64 = AtomicU64::new(0);
    /// What wakes the body that waits for somebody else.
    static ref BELL: Mutex<Option<Waker>> = Mutex::new(None);
    static ref RUNG: AtomicBool = AtomicBool::new(false);
}

/// Borrows, so that nobody but its caller can poll it. The first run needs a second turn, for which it wakes its caller while
/// that polls it; all others end at once.
#[memoize]
async fn lent(text: &str) -> u64 {
    if RUNS.fetch_add(1, Ordering::SeqCst) == 0 {
        yield_now().await;
    }
    text.len() as u64
}

/// The same; somebody else rings when the first run may go on.
#[memoize]
async fn rung(text: &str) -> u64 {
    if RUNS.fetch_add(1, Ordering::SeqCst) == 0 {
        poll_fn(|cx| {
            *BELL.lock().unwrap() = Some(cx.waker().clone());
            if RUNG.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
    text.len() as u64
}

fn ring() {
    RUNG.store(true, Ordering::SeqCst);
    let waker = BELL.lock().unwrap().take();
    if let Some(waker) = waker {
        waker.wake();
    }
}

type Call = Pin<Box<dyn Future<Output = u64> + Send>>;

fn poll(call: &mut Call) -> bool {
    call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

/// Polls a call so many times, whenever that comes, and then lets it lie; unless it has ended.
fn let_lie(mut call: Call, polls: u32) -> Option<Call> {
    (0..polls).all(|_| !poll(&mut call)).then_some(call)
}

fn spawn<R: Send + 'static>(
    scope: &testing::Scope,
    run: impl FnOnce() -> R + Send + 'static,
) -> JoinHandle<R> {
    thread::spawn(scope.wrap(run))
}

/// Waits for its value.
fn waits(scope: &testing::Scope, call: impl FnOnce() -> Call + Send + 'static) -> JoinHandle<()> {
    spawn(scope, move || assert_eq!(block_on(call()), 1))
}

fn of_a() -> Call {
    Box::pin(lent("a"))
}

fn rung_of_a() -> Call {
    Box::pin(rung("a"))
}

fn join<const N: usize>(threads: [JoinHandle<()>; N]) {
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn a_load_that_its_caller_lets_lie() {
    explore(|| {
        let scope = testing::isolate();
        let mut held = of_a();
        assert!(!poll(&mut held));
        join([waits(&scope, of_a), waits(&scope, of_a), waits(&scope, of_a)]);
        assert_eq!(RUNS.load(Ordering::SeqCst), 2, "one of them loads in its place");
        // It goes on as if nothing had happened.
        assert_eq!(block_on(held), 1);
        assert_eq!(RUNS.load(Ordering::SeqCst), 2);
    });
}

/// Its caller polls it while others look, and lets it lie then.
#[test]
fn a_load_that_is_let_lie_while_others_look() {
    explore(|| {
        let scope = testing::isolate();
        let leader = spawn(&scope, || let_lie(of_a(), 1));
        join([waits(&scope, of_a), waits(&scope, of_a)]);
        drop(leader.join().unwrap());
        assert_eq!(lent::cache_info().len, 1);
    });
}

/// Of those who wait, the one that watches is let lie itself, at whatever point.
#[test]
fn a_watcher_that_is_let_lie() {
    explore(|| {
        let scope = testing::isolate();
        let mut held = of_a();
        assert!(!poll(&mut held));
        let watchers = [1, 2].map(|polls| spawn(&scope, move || let_lie(of_a(), polls)));
        join([waits(&scope, of_a), waits(&scope, of_a)]);
        let watchers = watchers.map(|watcher| watcher.join().unwrap());
        assert_eq!(block_on(held), 1);
        watchers.into_iter().flatten().for_each(|watcher| assert_eq!(block_on(watcher), 1));
    });
}

/// One that trusts another to watch goes over to another task, at any time.
#[test]
fn a_wait_that_moves_to_another_task() {
    explore(|| {
        let scope = testing::isolate();
        let (mut held, mut watcher) = (of_a(), of_a());
        assert!(!poll(&mut held) && !poll(&mut watcher));
        let moves = || {
            let mut call = of_a();
            assert!(!poll(&mut call));
            assert_eq!(block_on(call), 1);
        };
        join([spawn(&scope, moves)]);
        drop((held, watcher));
        assert_eq!(RUNS.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn a_watcher_that_leaves() {
    explore(|| {
        let scope = testing::isolate();
        let mut held = of_a();
        assert!(!poll(&mut held));
        let watchers = [1, 3].map(|polls| spawn(&scope, move || drop(let_lie(of_a(), polls))));
        join([waits(&scope, of_a)]);
        join(watchers);
        drop(held);
        assert_eq!(RUNS.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn a_watched_load_that_is_dropped() {
    explore(|| {
        let scope = testing::isolate();
        let mut held = of_a();
        assert!(!poll(&mut held));
        let threads = [waits(&scope, of_a), waits(&scope, of_a)];
        pause();
        drop(held);
        join(threads);
        assert_eq!(RUNS.load(Ordering::SeqCst), 2);
    });
}

/// A caller that goes on with its load, but late: what it brings is not stored over what came since.
#[test]
fn a_watched_load_that_goes_on_late() {
    #[memoize]
    async fn source(_text: &str) -> u64 {
        let read = SOURCE.load(Ordering::SeqCst);
        if RUNS.fetch_add(1, Ordering::SeqCst) == 0 {
            yield_now().await;
        }
        read
    }
    explore(|| {
        let scope = testing::isolate();
        let mut held = Box::pin(source("a"));
        assert!(held.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        let read = || {
            let known = KNOWN.load(Ordering::SeqCst);
            let read = block_on(source("a"));
            assert!(read >= known, "read {read} after {known} was known");
        };
        let threads = [
            spawn(&scope, read),
            spawn(&scope, read),
            spawn(&scope, || {
                SOURCE.store(1, Ordering::SeqCst);
                source::invalidate("a");
                KNOWN.store(1, Ordering::SeqCst);
                assert_eq!(block_on(source("a")), 1);
            }),
        ];
        assert_eq!(block_on(held), 0, "what it has read");
        join(threads);
        assert_eq!(block_on(source("a")), 1);
    });
}

/// Somebody else wakes the body, before those who wait have looked, while they do, and after that.
#[test]
fn a_load_that_is_let_lie_and_woken_from_elsewhere() {
    explore(|| {
        let scope = testing::isolate();
        let mut held = rung_of_a();
        assert!(!poll(&mut held));
        join([waits(&scope, rung_of_a), spawn(&scope, ring), waits(&scope, rung_of_a)]);
        assert_eq!(RUNS.load(Ordering::SeqCst), 2);
        drop(held);
    });
}

/// The same while its caller polls it, and then lets it lie.
#[test]
fn a_load_that_is_woken_from_elsewhere_while_it_is_polled() {
    explore(|| {
        let scope = testing::isolate();
        let leader = spawn(&scope, || let_lie(rung_of_a(), 2));
        join([spawn(&scope, ring), waits(&scope, rung_of_a), waits(&scope, rung_of_a)]);
        drop(leader.join().unwrap());
        assert_eq!(rung::cache_info().len, 1);
    });
}

/// Threads and tasks that wait for a load which a task lets lie: each of them may be the one that loads in its place.
#[test]
fn threads_and_tasks_that_watch() {
    explore(|| {
        let cache: Cache<u8, u64> = Cache::default();
        let load = || async {
            if RUNS.fetch_add(1, Ordering::SeqCst) == 0 {
                yield_now().await;
            }
            1
        };
        let mut held = Box::pin(cache.get_or_load_async(0, load));
        assert!(held.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        let asks = |is_task: bool| {
            let cache = cache.clone();
            thread::spawn(move || {
                let read = if is_task {
                    block_on(cache.get_or_load_async(0, load))
                } else {
                    cache.get_or_load(0, || RUNS.fetch_add(1, Ordering::SeqCst))
                };
                assert_eq!(read, 1);
            })
        };
        join([asks(false), asks(true), asks(false)]);
        assert_eq!(RUNS.load(Ordering::SeqCst), 2, "one of them loads in its place");
        assert_eq!(block_on(held), 1);
    });
}
