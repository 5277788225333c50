//! `load_timeout` and `soft_timeout`: whose wait ends when, and what becomes of the load. What they make of other options is in
//! the table of pairs.

use std::future::pending;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use cached_core::{LoadTimeout, memoize, testing};

const SECOND: Duration = Duration::from_secs(1);

/// An error that cannot be cloned.
#[derive(Debug, PartialEq)]
enum PageError {
    Late(LoadTimeout),
    Gone,
}

impl From<LoadTimeout> for PageError {
    fn from(timeout: LoadTimeout) -> Self {
        Self::Late(timeout)
    }
}

fn paused<F: Future<Output = ()>>(test: impl FnOnce() -> F) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let (scope, start) = (testing::isolate(), tokio::time::Instant::now());
        scope.follow(move || start.elapsed());
        test().await;
    });
}

/// Drops tell.
struct Told(&'static AtomicU64);

impl Drop for Told {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn the_caller_and_all_who_wait_get_an_error_that_need_not_be_cloned() {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    static DROPPED: AtomicU64 = AtomicU64::new(0);

    #[memoize(load_timeout = 2s)]
    async fn page(n: u64) -> Result<u64, PageError> {
        let _told = Told(&DROPPED);
        RUNS.fetch_add(1, Ordering::SeqCst);
        if n == 7 {
            return Err(PageError::Gone);
        }
        pending().await
    }

    paused(|| async {
        let begun = tokio::time::Instant::now();
        let late = async {
            tokio::time::sleep(SECOND).await;
            page(1).await
        };
        let (first, second, third) = tokio::join!(page(1), page(1), late);
        assert_eq!(begun.elapsed(), 2 * SECOND, "a load has one deadline, whoever waits for it");
        for answer in [first, second, third] {
            let Err(PageError::Late(timeout)) = answer else { panic!("{answer:?}") };
            assert!(timeout.name().ends_with("::page") && timeout.after() == 2 * SECOND);
            assert!(timeout.to_string().ends_with("::page` took longer than 2s"));
        }
        assert_eq!((RUNS.load(Ordering::SeqCst), DROPPED.load(Ordering::SeqCst)), (1, 1), "it is cancelled");
        let info = page::cache_info();
        assert_eq!((info.misses, info.coalesced, info.load_failures, info.len), (1, 2, 1, 0));
        assert_eq!(page(7).await, Err(PageError::Gone));
    });
}

#[test]
fn who_borrows_has_a_deadline_too() {
    #[memoize(load_timeout = 2s)]
    async fn page(url: &str) -> Result<usize, PageError> {
        if url.is_empty() { Ok(0) } else { pending().await }
    }

    paused(|| async {
        let (one, two, none) = tokio::join!(page("a"), page("a"), page(""));
        assert!(
            matches!((&one, &two), (Err(PageError::Late(_)), Err(PageError::Late(_)))),
            "{one:?} {two:?}"
        );
        assert_eq!(none, Ok(0));
        assert!(matches!(page::refresh("a").await, Err(PageError::Late(_))));
    });
}

#[test]
fn a_callers_own_deadline_is_not_that_of_the_load() {
    static RUNS: AtomicU64 = AtomicU64::new(0);

    #[memoize(load_timeout = 5s)]
    async fn page(n: u64) -> Result<u64, PageError> {
        RUNS.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(4 * SECOND).await;
        Ok(n)
    }

    paused(|| async {
        let hurried = tokio::time::timeout(SECOND, page(1));
        let (hurried, patient) = tokio::join!(hurried, page(1));
        assert!(hurried.is_err());
        assert_eq!((patient, RUNS.load(Ordering::SeqCst)), (Ok(1), 1));
    });
}

#[test]
fn a_body_that_is_ready_is_in_time_for_any_deadline() {
    #[memoize(load_timeout = 0s, max = 0)]
    async fn at_once(n: u64) -> Result<u64, String> {
        if n == 0 { Ok(n) } else { pending().await }
    }
    #[memoize(load_timeout = Duration::MAX)]
    async fn ever(n: u64) -> Result<u64, String> {
        tokio::time::sleep(1000 * SECOND).await;
        Ok(n)
    }
    const NANO: Duration = Duration::from_nanos(1);
    #[memoize(load_timeout = NANO * 2)]
    async fn moment(n: u64) -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
        tokio::time::sleep(Duration::from_millis(n)).await;
        Ok(n)
    }

    paused(|| async {
        assert_eq!(at_once(0).await, Ok(0));
        assert!(at_once(1).await.unwrap_err().contains("took longer than 0ns"));
        assert_eq!(ever(1).await, Ok(1));
        assert!(moment(5).await.unwrap_err().is::<LoadTimeout>());
    });
}

#[test]
fn a_leader_that_is_not_polled_keeps_nobody_beyond_the_deadline() {
    #[memoize(load_timeout = 2s)]
    async fn borrowed(name: &str) -> Result<usize, PageError> {
        let _ = name;
        pending().await
    }
    #[memoize(load_timeout = 2s)]
    async fn owned(name: String) -> Result<usize, PageError> {
        let _ = name;
        pending().await
    }

    let scope = testing::isolate();
    let polled_once = |mut call: std::pin::Pin<Box<dyn Future<Output = Result<usize, PageError>>>>| {
        let waker = std::task::Waker::noop();
        assert!(call.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending());
        call
    };
    let _held = (polled_once(Box::pin(borrowed("a"))), polled_once(Box::pin(owned("a".to_owned()))));
    let begun = std::sync::Barrier::new(3);
    std::thread::scope(|threads| {
        let calls: [fn() -> Result<usize, PageError>; 2] =
            [|| pollster::block_on(borrowed("a")), || pollster::block_on(owned("a".to_owned()))];
        let waiting = calls.map(|call| {
            let (scope, begun) = ((*scope).clone(), &begun);
            threads.spawn(move || {
                begun.wait();
                scope.wrap(call)()
            })
        });
        begun.wait();
        // They have joined the loads before the clock moves, or begin their own; it goes on until all is over.
        while waiting.iter().any(|waiting| !waiting.is_finished()) {
            scope.advance(SECOND);
            std::thread::yield_now();
        }
        for waiting in waiting {
            assert!(matches!(waiting.join().unwrap(), Err(PageError::Late(_))));
        }
    });
}

/// By the system's clock: that the wait ends, and not before its time.
#[test]
fn without_a_timer_of_the_program_a_deadline_is_kept_all_the_same() {
    #[memoize(load_timeout = 20ms)]
    async fn page(n: u64) -> Result<u64, PageError> {
        if n == 0 { Ok(n) } else { pending().await }
    }
    let begun = std::time::Instant::now();
    let calls = [1, 2, 1].map(|n| std::thread::spawn(move || pollster::block_on(page(n))));
    for call in calls {
        assert!(matches!(call.join().unwrap(), Err(PageError::Late(_))));
    }
    assert!(begun.elapsed() >= Duration::from_millis(20));
    assert_eq!(pollster::block_on(page(0)), Ok(0));
}

#[test]
fn without_tasks_a_reload_could_not_be_left_and_the_first_load_says_so() {
    #[memoize(ttl = 60s, stale_if_error = 60s, soft_timeout = 20ms)]
    async fn page(n: u64) -> Result<u64, PageError> {
        Ok(n)
    }
    let panic = std::panic::catch_unwind(|| pollster::block_on(page(1))).unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains("`soft_timeout`") && text.contains("set_spawn"), "{text}");
}

/// A source that threads wait before.
struct Door(Mutex<bool>, Condvar);

impl Door {
    const fn open() -> Self {
        Self(Mutex::new(true), Condvar::new())
    }

    fn set(&self, open: bool) {
        *self.0.lock().unwrap() = open;
        self.1.notify_all();
    }

    fn pass(&self) {
        drop(self.1.wait_while(self.0.lock().unwrap(), |open| !*open).unwrap());
    }
}

/// Whose clone invalidates the page with its number, once that is asked for.
#[derive(Debug, PartialEq)]
struct Fickle(u64);

static FICKLE: AtomicBool = AtomicBool::new(false);

#[memoize(ttl = 60s, stale_if_error = 1d, soft_timeout = 1s)]
fn fickle(n: u64) -> Result<Fickle, String> {
    Ok(Fickle(n))
}

impl Clone for Fickle {
    fn clone(&self) -> Self {
        if FICKLE.swap(false, Ordering::SeqCst) {
            assert!(!fickle::invalidate(self.0), "its time is over");
        }
        Self(self.0)
    }
}

#[test]
fn a_load_that_is_invalidated_before_it_runs_answers_for_no_other_key() {
    let scope = testing::isolate();
    for first in 0..20 {
        (0..20).for_each(|n| drop(fickle(n)));
        scope.advance(60 * SECOND);
        // Its old value is looked at before its load is another thread's.
        FICKLE.store(true, Ordering::SeqCst);
        assert_eq!(fickle(first), Ok(Fickle(first)));
        assert!(!FICKLE.load(Ordering::SeqCst));
        scope.settle();
        (0..20).for_each(|n| assert_eq!(fickle(n), Ok(Fickle(n)), "after {first}"));
    }
}

#[test]
fn however_many_loads_stall_every_caller_has_its_old_value() {
    static DOOR: Door = Door::open();
    static RUNS: AtomicU64 = AtomicU64::new(0);

    #[memoize(ttl = 60s, stale_if_error = 1d, soft_timeout = 50ms)]
    fn slow(n: u64) -> Result<u64, String> {
        RUNS.fetch_add(1, Ordering::SeqCst);
        DOOR.pass();
        Ok(n)
    }

    let scope = testing::isolate();
    // More than there are threads to reload.
    (0..40).for_each(|n| assert_eq!(slow(n), Ok(n)));
    scope.advance(60 * SECOND);
    DOOR.set(false);
    let callers: Vec<_> = (0..80).map(|n| std::thread::spawn(scope.wrap(move || slow(n % 40)))).collect();
    while callers.iter().any(|caller| !caller.is_finished()) {
        scope.advance(Duration::from_millis(50));
        std::thread::yield_now();
    }
    for (n, caller) in callers.into_iter().enumerate() {
        assert_eq!(caller.join().unwrap(), Ok(n as u64 % 40));
    }
    assert!(RUNS.load(Ordering::SeqCst) < 80, "what had not begun was taken back");
    DOOR.set(true);
    scope.settle();
    scope.advance(SECOND);
    (0..40).for_each(|n| assert_eq!(slow(n), Ok(n)));
}

#[test]
fn an_invalidation_is_not_answered_with_what_it_removed() {
    static DOOR: Door = Door::open();
    static RUNS: AtomicU64 = AtomicU64::new(0);

    #[memoize(ttl = 60s, stale_if_error = 1d, soft_timeout = 50ms)]
    fn slow(n: u64) -> Result<u64, String> {
        let run = RUNS.fetch_add(1, Ordering::SeqCst);
        DOOR.pass();
        Ok(n + run)
    }

    let scope = testing::isolate();
    assert_eq!(slow(10), Ok(10));
    scope.advance(60 * SECOND);
    DOOR.set(false);
    let early = std::thread::spawn(scope.wrap(|| slow(10)));
    while RUNS.load(Ordering::SeqCst) < 2 {
        std::thread::yield_now();
    }
    slow::clear();
    scope.advance(SECOND);
    let late = std::thread::spawn(scope.wrap(|| slow(10)));
    while RUNS.load(Ordering::SeqCst) < 3 {
        std::thread::yield_now();
    }
    DOOR.set(true);
    assert_eq!(late.join().unwrap(), Ok(12), "it neither gets the old value nor joins the old load");
    assert_eq!(early.join().unwrap(), Ok(11), "the old value is gone: it waited");
    scope.settle();
    assert_eq!(slow(10), Ok(12));
}

#[test]
fn a_reload_that_panics_on_another_thread_is_answered_with_the_old_value() {
    static ARMED: AtomicBool = AtomicBool::new(false);

    #[memoize(ttl = 60s, stale_if_error = 60s, soft_timeout = 50ms)]
    fn fragile(n: u64) -> Result<u64, String> {
        assert!(!ARMED.load(Ordering::SeqCst), "a panic on the way");
        Ok(n)
    }

    let scope = testing::isolate();
    assert_eq!(fragile(1), Ok(1));
    scope.advance(60 * SECOND);
    ARMED.store(true, Ordering::SeqCst);
    assert_eq!((fragile(1), fragile(1)), (Ok(1), Ok(1)));
    scope.settle();
    scope.advance(60 * SECOND);
    assert!(
        std::panic::catch_unwind(|| fragile(1)).is_err(),
        "with nothing to fall back on it is the caller's"
    );
    ARMED.store(false, Ordering::SeqCst);
    assert_eq!(fragile(1), Ok(1));
}

#[test]
fn loads_that_wait_for_loads_of_their_kind_do_not_wait_for_a_thread() {
    #[memoize(ttl = 60s, stale_if_error = 1d, soft_timeout = 1h)]
    fn outer(n: u64) -> Result<u64, String> {
        inner(n)
    }
    #[memoize(ttl = 60s, stale_if_error = 1d, soft_timeout = 1h)]
    fn inner(n: u64) -> Result<u64, String> {
        Ok(n)
    }

    let scope = testing::isolate();
    (0..200).for_each(|n| assert_eq!(outer(n), Ok(n)));
    scope.advance(60 * SECOND);
    outer::reset_info();
    // More than there are threads to reload. Nobody turns the clock: all of them are to be loaded.
    let callers: Vec<_> = (0..200).map(|n| std::thread::spawn(scope.wrap(move || outer(n)))).collect();
    for (n, caller) in callers.into_iter().enumerate() {
        assert_eq!(caller.join().unwrap(), Ok(n as u64));
    }
    let info = outer::cache_info();
    assert_eq!((info.misses, info.loads, info.stale_hits), (200, 200, 0));
}

/// By the system's clock: that it ends, and not at once. How soon is a matter of the machine.
#[test]
fn outside_of_tests_the_systems_clock_ends_the_wait() {
    static DOOR: Door = Door::open();

    #[memoize(ttl = 1ns, stale_if_error = 1d, soft_timeout = 20ms)]
    fn slow(n: u64) -> Result<u64, String> {
        DOOR.pass();
        Ok(n)
    }

    assert_eq!(slow(1), Ok(1));
    DOOR.set(false);
    let begun = std::time::Instant::now();
    assert_eq!(slow(1), Ok(1));
    assert!(begun.elapsed() >= Duration::from_millis(20));
    DOOR.set(true);
}
