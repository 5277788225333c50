//! Tasks, and threads beside them.
#![cfg(shuttle)]

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use cached_core::{memoize, testing};
use schedules::{block_on, boom, caught, explore};
use shuttle::future::yield_now;
use shuttle::sync::atomic::{AtomicU64, Ordering};
use shuttle::thread;

shuttle::lazy_static! {
    static ref SOURCE: AtomicU64 = AtomicU64::new(0);
    static ref KNOWN: AtomicU64 = AtomicU64::new(0);
    static ref RUNS: AtomicU64 = AtomicU64::new(0);
    static ref DROPS: AtomicU64 = AtomicU64::new(0);
}

/// Counts the bodies that were begun and left, ended or not.
struct Body;

impl Body {
    fn begin() -> Self {
        RUNS.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        DROPS.fetch_add(1, Ordering::SeqCst);
    }
}

#[memoize]
async fn current(_key: u8) -> u64 {
    let _body = Body::begin();
    let read = SOURCE.load(Ordering::SeqCst);
    yield_now().await;
    read
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

#[test]
fn a_leader_that_is_cancelled() {
    explore(|| {
        let scope = testing::isolate();
        let hasty = |polls| thread::spawn(scope.wrap(move || block_on(give_up(current(0), polls))));
        let patient = || thread::spawn(scope.wrap(|| assert_eq!(block_on(current(0)), 0)));
        let threads = [hasty(1), patient(), hasty(2), patient()];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(RUNS.load(Ordering::SeqCst), DROPS.load(Ordering::SeqCst), "no body is left behind");
        assert_eq!(current::cache_info().loads, 1);
    });
}

#[test]
fn all_leave() {
    explore(|| {
        let scope = testing::isolate();
        let hasty = || thread::spawn(scope.wrap(|| block_on(give_up(current(0), 1))));
        let threads = [hasty(), hasty(), hasty()];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(RUNS.load(Ordering::SeqCst), DROPS.load(Ordering::SeqCst), "no body is left behind");
        // And the key works.
        assert_eq!(block_on(current(0)), 0);
    });
}

#[test]
fn a_leader_that_is_not_polled() {
    explore(|| {
        let scope = testing::isolate();
        let mut held = Box::pin(current(0));
        let mut context = Context::from_waker(std::task::Waker::noop());
        assert!(held.as_mut().poll(&mut context).is_pending());
        let waiters = [0, 1].map(|_| thread::spawn(scope.wrap(|| assert_eq!(block_on(current(0)), 0))));
        waiters.into_iter().for_each(|waiter| waiter.join().unwrap());
        assert_eq!(block_on(held), 0);
        assert_eq!(RUNS.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn load_and_invalidate() {
    explore(|| {
        let scope = testing::isolate();
        let read = || {
            let known = KNOWN.load(Ordering::SeqCst);
            let read = block_on(current(0));
            assert!(read >= known, "read {read} after {known} was known");
        };
        let write = || {
            SOURCE.store(1, Ordering::SeqCst);
            current::invalidate(0);
            KNOWN.store(1, Ordering::SeqCst);
        };
        let threads = [
            thread::spawn(scope.wrap(read)),
            thread::spawn(scope.wrap(write)),
            thread::spawn(scope.wrap(read)),
            thread::spawn(scope.wrap(|| block_on(give_up(current(0), 1)))),
        ];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(block_on(current(0)), 1);
    });
}

#[test]
fn writers_and_loads() {
    explore(|| {
        let scope = testing::isolate();
        let refresh = || {
            let read = block_on(current::refresh(0));
            assert!(block_on(current(0)) >= read);
        };
        let insert = || {
            let version = SOURCE.fetch_add(1, Ordering::SeqCst) + 1;
            current::insert(0, version);
            assert!(block_on(current(0)) >= version);
        };
        let clear = || _ = current::clear();
        let threads = [
            thread::spawn(scope.wrap(refresh)),
            thread::spawn(scope.wrap(insert)),
            thread::spawn(scope.wrap(clear)),
        ];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}

#[test]
fn a_body_that_panics() {
    #[memoize]
    async fn fragile(n: u64) -> u64 {
        let run = RUNS.fetch_add(1, Ordering::SeqCst);
        yield_now().await;
        if run == 0 { boom() } else { n }
    }
    explore(|| {
        let scope = testing::isolate();
        let call = || thread::spawn(scope.wrap(|| caught(|| block_on(fragile(7))).is_err()));
        let panics = [call(), call(), call()].map(|call| call.join().unwrap());
        assert_eq!(
            panics.into_iter().filter(|panicked| *panicked).count(),
            1,
            "its own caller's, nobody else's"
        );
        assert_eq!(RUNS.load(Ordering::SeqCst), 2);
    });
}

type Boxed = Pin<Box<dyn Future<Output = u64> + Send>>;

#[memoize]
async fn left(n: u8) -> u64 {
    yield_now().await;
    boxed_right(n).await
}

#[memoize]
async fn right(n: u8) -> u64 {
    boxed_left(n).await
}

fn boxed_left(n: u8) -> Boxed {
    Box::pin(left(n))
}

fn boxed_right(n: u8) -> Boxed {
    Box::pin(right(n))
}

#[test]
fn a_circle_over_two_tasks() {
    explore(|| {
        let scope = testing::isolate();
        let calls = [boxed_left as fn(u8) -> Boxed, boxed_right].map(|call| {
            thread::spawn(scope.wrap(move || caught(|| block_on(call(1))).expect_err("there is no way out")))
        });
        for call in calls {
            let text = call.join().unwrap();
            assert!(text.starts_with("cyclic memoized call: "), "{text}");
        }
    });
}
