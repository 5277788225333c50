//! `soft_timeout` and `load_timeout` of a `Cache`, and loads that go on without their caller.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use cached_core::{Cache, CacheBuilder, LoadTimeout, testing};

const SECOND: Duration = Duration::from_secs(1);

/// A source that stalls when it is told to, and counts.
#[derive(Default)]
struct Source {
    runs: AtomicU64,
    stalls: Mutex<bool>,
    changed: Condvar,
    down: AtomicBool,
}

impl Source {
    fn read(&self) -> Result<u64, String> {
        let run = self.runs.fetch_add(1, Ordering::SeqCst) + 1;
        drop(self.changed.wait_while(self.stalls.lock().unwrap(), |stalls| *stalls).unwrap());
        if self.down.load(Ordering::SeqCst) { Err(format!("failure of run {run}")) } else { Ok(run) }
    }

    fn stall(&self, stalls: bool) {
        *self.stalls.lock().unwrap() = stalls;
        self.changed.notify_all();
    }

    fn wait_for_run(&self, run: u64) {
        while self.runs.load(Ordering::SeqCst) < run {
            std::thread::yield_now();
        }
    }
}

/// A cache and its source, as a program holds them.
#[derive(Clone)]
struct Desk {
    cache: Cache<u64, u64>,
    source: Arc<Source>,
}

impl Desk {
    fn new(options: impl FnOnce(CacheBuilder<u64, u64>) -> CacheBuilder<u64, u64>) -> Self {
        Self { cache: options(Cache::builder().name("rates")).build(), source: Arc::default() }
    }

    fn rate(&self) -> Result<u64, String> {
        let source = Arc::clone(&self.source);
        self.cache.detached().try_get_or_load(7, move || source.read())
    }

    /// A call on another thread, until it waits for a run of the source.
    fn rate_elsewhere(
        &self,
        scope: &testing::Scope,
        run: u64,
    ) -> std::thread::JoinHandle<Result<u64, String>> {
        let desk = self.clone();
        let caller = std::thread::spawn(scope.wrap(move || desk.rate()));
        self.source.wait_for_run(run);
        caller
    }
}

#[test]
fn a_caller_waits_for_so_long_and_the_late_value_is_stored() {
    let scope = testing::isolate();
    let desk = Desk::new(|cache| cache.ttl(60).stale_if_error(600).soft_timeout(Duration::from_millis(100)));
    assert_eq!(desk.rate(), Ok(1));
    scope.advance(60 * SECOND);
    assert_eq!(desk.rate(), Ok(2), "what comes in time is waited for");
    scope.advance(60 * SECOND);
    desk.source.stall(true);
    let caller = desk.rate_elsewhere(&scope, 3);
    scope.advance(Duration::from_millis(99));
    assert!(!caller.is_finished());
    scope.advance(Duration::from_millis(1));
    assert_eq!(caller.join().unwrap(), Ok(2));
    assert_eq!(desk.rate(), Ok(2), "others do not wait, for a while");
    desk.source.stall(false);
    scope.settle();
    assert_eq!(desk.rate(), Ok(3));
    assert_eq!(desk.cache.info().stale_hits, 2);
}

#[test]
fn with_refresh_after_it_is_waited_for_as_well() {
    let scope = testing::isolate();
    let desk = Desk::new(|cache| cache.ttl(60).refresh_after(30).soft_timeout(Duration::from_millis(100)));
    assert_eq!(desk.rate(), Ok(1));
    scope.advance(30 * SECOND);
    assert_eq!(desk.rate(), Ok(2));
    scope.advance(30 * SECOND);
    desk.source.stall(true);
    let caller = desk.rate_elsewhere(&scope, 3);
    scope.advance(Duration::from_millis(100));
    assert_eq!(caller.join().unwrap(), Ok(2));
    desk.source.stall(false);
    scope.settle();
    assert_eq!(desk.rate(), Ok(3));
}

#[test]
fn without_a_soft_timeout_the_caller_is_answered_at_once() {
    let scope = testing::isolate();
    let desk = Desk::new(|cache| cache.ttl(60).refresh_after(30));
    assert_eq!(desk.rate(), Ok(1));
    scope.advance(30 * SECOND);
    desk.source.stall(true);
    assert_eq!(desk.rate(), Ok(1), "or this would never return");
    desk.source.stall(false);
    scope.settle();
    assert_eq!(desk.rate(), Ok(2));
}

#[test]
fn failures_and_panics_fall_back_and_reach_the_caller_where_there_is_nothing_to_fall_back_on() {
    let scope = testing::isolate();
    let desk = Desk::new(|cache| cache.ttl(60).stale_if_error(60).soft_timeout(SECOND));
    assert_eq!(desk.rate(), Ok(1));
    desk.source.down.store(true, Ordering::SeqCst);
    scope.advance(60 * SECOND);
    assert_eq!(desk.rate(), Ok(1));
    scope.advance(60 * SECOND);
    assert_eq!(desk.rate(), Err("failure of run 3".to_owned()));

    let fail =
        || desk.cache.detached().try_get_or_load(7, || -> Result<u64, String> { panic!("on the way") });
    let panic = catch_unwind(AssertUnwindSafe(fail)).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"on the way"));
    desk.source.down.store(false, Ordering::SeqCst);
    assert_eq!(desk.rate(), Ok(4));
    scope.advance(60 * SECOND);
    assert_eq!(fail(), Ok(4), "on another thread, with a value at hand");
    assert_eq!(desk.rate(), Ok(4), "one try in a second");
}

#[test]
fn a_load_that_loses_its_lease_answers_its_caller() {
    let scope = testing::isolate();
    let desk = Desk::new(|cache| cache.ttl(60).stale_if_error(600).soft_timeout(SECOND));
    assert_eq!(desk.rate(), Ok(1));
    scope.advance(60 * SECOND);
    desk.source.stall(true);
    let caller = desk.rate_elsewhere(&scope, 2);
    desk.cache.invalidate(&7);
    scope.advance(SECOND);
    desk.source.stall(false);
    assert_eq!(caller.join().unwrap(), Ok(2), "the old value is gone: it waited");
    scope.settle();
    assert!(!desk.cache.contains(&7), "and is not stored");
    assert_eq!(desk.rate(), Ok(3));
}

#[test]
fn loads_that_may_borrow_are_what_they_were() {
    let scope = testing::isolate();
    let desk = Desk::new(|cache| cache.ttl(60).stale_if_error(600).soft_timeout(SECOND));
    let rate = || desk.cache.try_get_or_load(7, || desk.source.read());
    assert_eq!(rate(), Ok(1));
    scope.advance(60 * SECOND);
    assert_eq!(rate(), Ok(2));
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    let message = |make: fn() -> Cache<u8, u8>| {
        let panic = catch_unwind(make).expect_err("it is refused");
        panic
            .downcast::<String>()
            .map_or_else(|panic| (*panic.downcast::<&str>().unwrap()).to_owned(), |it| *it)
    };
    let alone = message(|| Cache::builder().ttl(60).soft_timeout(1).build());
    assert!(alone.starts_with("`soft_timeout` needs an old value to give up for"), "{alone}");
    let long = message(|| Cache::builder().ttl(60).refresh_after(30).soft_timeout(2).load_timeout(2).build());
    assert!(long.starts_with("`soft_timeout` has to be shorter than `load_timeout`"), "{long}");
}

/// An error that cannot be cloned.
#[derive(Debug, PartialEq)]
struct Late(Duration);

impl From<LoadTimeout> for Late {
    fn from(timeout: LoadTimeout) -> Self {
        assert_eq!(timeout.name(), "rates");
        Self(timeout.after())
    }
}

fn paused<F: Future<Output = ()>>(test: impl FnOnce(testing::Scope) -> F) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let (scope, start) = (testing::isolate(), tokio::time::Instant::now());
        scope.follow(move || start.elapsed());
        test((*scope).clone()).await;
    });
}

#[test]
fn a_future_has_a_deadline_which_all_who_wait_are_told() {
    paused(|_| async {
        let cache: Cache<u64, u64> = Cache::builder().name("rates").load_timeout(2).build();
        let text = "borrowed".to_owned();
        let load = || {
            cache.try_get_or_load_limited_async(1, || async {
                let _ = text.len();
                pending::<Result<u64, Late>>().await
            })
        };
        let begun = tokio::time::Instant::now();
        assert_eq!(tokio::join!(load(), load()), (Err(Late(2 * SECOND)), Err(Late(2 * SECOND))));
        assert_eq!(begun.elapsed(), 2 * SECOND);
        let refreshed = cache.try_refresh_limited_async(1, pending::<Result<u64, Late>>).await;
        assert_eq!(refreshed, Err(Late(2 * SECOND)));
        assert_eq!(cache.try_get_or_load_limited_async(1, async || Ok::<_, Late>(5)).await, Ok(5));
        let info = cache.info();
        assert_eq!((info.load_failures, info.coalesced, info.len), (2, 1, 1));
        let detached = || cache.detached().try_get_or_load_limited_async(2, pending::<Result<u64, String>>);
        let (one, two) = tokio::join!(detached(), detached());
        assert!(one == two && one.unwrap_err().contains("took longer than 2s"));
    });
}

type Call<'a> = Pin<Box<dyn Future<Output = u64> + 'a>>;

#[test]
fn a_load_that_could_not_tell_is_refused() {
    paused(|_| async {
        let cache: Cache<u64, u64> = Cache::builder().name("rates").load_timeout(2).build();
        for call in [
            Box::pin(async { cache.get_or_load_async(1, async || 1).await }) as Call<'_>,
            Box::pin(async { cache.try_get_or_load_async(1, async || Ok::<_, Late>(1)).await.unwrap() }),
            Box::pin(async { cache.refresh_async(1, async || 1).await }),
            Box::pin(async { cache.detached().get_or_load_async(1, async || 1).await }),
        ] {
            let mut call = call;
            let polled = std::future::poll_fn(|cx| {
                std::task::Poll::Ready(catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(cx).is_ready())))
            });
            let panic = polled.await.unwrap_err();
            assert!(
                panic
                    .downcast_ref::<String>()
                    .unwrap()
                    .starts_with("`rates` has a `load_timeout`, and this load")
            );
        }
        assert_eq!(cache.get_or_load(1, || 5), 5, "threads have no such deadline");
    });
}

#[test]
fn tasks_wait_for_a_reload_for_so_long() {
    paused(|scope| async move {
        let cache: Cache<u64, u64> = Cache::builder()
            .name("rates")
            .ttl(60)
            .stale_if_error(600)
            .soft_timeout(Duration::from_millis(100))
            .load_timeout(5)
            .build();
        let rate = |after: u64, answer: u64| {
            cache.detached().try_get_or_load_limited_async(7, move || async move {
                tokio::time::sleep(Duration::from_millis(after)).await;
                Ok::<_, String>(answer)
            })
        };
        assert_eq!(rate(1000, 1).await, Ok(1), "with nothing at hand it waits");
        scope.advance(60 * SECOND);
        assert_eq!(rate(99, 2).await, Ok(2));
        scope.advance(60 * SECOND);
        let begun = tokio::time::Instant::now();
        assert_eq!(rate(1000, 3).await, Ok(2));
        assert_eq!(begun.elapsed(), Duration::from_millis(100));
        tokio::time::sleep(SECOND).await;
        assert_eq!(rate(0, 9).await, Ok(3), "it was stored, late");
        scope.advance(60 * SECOND);
        assert_eq!(rate(60_000, 4).await, Ok(3));
        tokio::time::sleep(6 * SECOND).await;
        assert_eq!(cache.info().load_failures, 1, "it was given up");
        assert_eq!(rate(0, 5).await, Ok(5));
    });
}

#[test]
fn a_task_that_is_dropped_leaves_its_load_to_those_who_wait() {
    paused(|_| async {
        let cache: Cache<u64, u64> = Cache::default();
        let runs = Arc::new(AtomicU64::new(0));
        let load = |seconds: u64| {
            let runs = Arc::clone(&runs);
            cache.detached().get_or_load_async(7, move || async move {
                let run = runs.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                run
            })
        };
        let (hurried, patient) = tokio::join!(tokio::time::timeout(SECOND, load(2)), load(2));
        assert!(hurried.is_err());
        assert_eq!((patient, runs.load(Ordering::SeqCst)), (0, 1));
    });
}
