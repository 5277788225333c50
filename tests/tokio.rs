//! The feature `tokio`: inside of its runtime nothing has to be said of tasks and timers. Its paused time is the only clock here that
//! moves, so nothing waits.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use cached_core::{LoadTimeout, memoize, testing};
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);

fn paused<F: Future<Output = ()>>(test: impl FnOnce() -> F) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let (scope, start) = (testing::isolate(), Instant::now());
        scope.follow(move || start.elapsed());
        test().await;
    });
}

#[test]
fn an_old_value_is_answered_at_once_and_reloaded_in_a_task() {
    static RUNS: AtomicU64 = AtomicU64::new(0);

    #[memoize(ttl = 60s, refresh_after = 30s)]
    async fn page(n: u64) -> u64 {
        let run = RUNS.fetch_add(1, Ordering::SeqCst);
        sleep(5 * SECOND).await;
        n + run
    }

    paused(|| async {
        assert_eq!(page(10).await, 10);
        sleep(30 * SECOND).await;
        let begun = Instant::now();
        for _ in 0..10 {
            assert_eq!(page(10).await, 10);
        }
        assert_eq!(begun.elapsed(), Duration::ZERO);
        // The task begins when this one first waits.
        sleep(6 * SECOND).await;
        assert_eq!((page(10).await, RUNS.load(Ordering::SeqCst)), (11, 2));
        assert_eq!(page::cache_info().refreshes, 1);
    });
}

#[test]
fn a_load_has_a_deadline() {
    #[memoize(load_timeout = 2s)]
    async fn page(n: u64) -> Result<u64, LoadTimeout> {
        sleep(Duration::from_secs(n)).await;
        Ok(n)
    }

    paused(|| async {
        let begun = Instant::now();
        assert_eq!(page(1).await, Ok(1));
        assert_eq!(begun.elapsed(), SECOND);
        let timeout = page(1_000_000).await.unwrap_err();
        assert_eq!((timeout.after(), begun.elapsed()), (2 * SECOND, 3 * SECOND));
    });
}

/// Outside of any scope the entries age by the system's clock, and tokio's timer ends the loads.
#[test]
fn a_deadline_is_kept_outside_of_tests_too() {
    #[memoize(load_timeout = 1h)]
    async fn page(n: u64) -> Result<u64, LoadTimeout> {
        sleep(Duration::from_secs(n)).await;
        Ok(n)
    }

    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        assert!(page(3601).await.is_err());
        assert_eq!(page(3599).await, Ok(3599));
    });
}

#[test]
fn a_slow_reload_is_waited_for_so_long_and_stored_nevertheless() {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    static SLOW: AtomicBool = AtomicBool::new(false);

    #[memoize(ttl = 60s, stale_if_error = 10m, soft_timeout = 100ms, load_timeout = 30s)]
    async fn page(n: u64) -> Result<u64, String> {
        let run = RUNS.fetch_add(1, Ordering::SeqCst);
        if SLOW.load(Ordering::SeqCst) {
            sleep(5 * SECOND).await;
        }
        Ok(n + run)
    }

    paused(|| async {
        assert_eq!(page(10).await, Ok(10));
        sleep(60 * SECOND).await;
        assert_eq!(page(10).await, Ok(11));
        SLOW.store(true, Ordering::SeqCst);
        sleep(60 * SECOND).await;
        let begun = Instant::now();
        let timed = async |after: u64| {
            sleep(Duration::from_millis(after)).await;
            let begun = Instant::now();
            (page(10).await, begun.elapsed())
        };
        let (first, second, third) = tokio::join!(timed(0), timed(50), timed(500));
        assert_eq!(first, (Ok(11), Duration::from_millis(100)));
        assert_eq!(second, (Ok(11), Duration::from_millis(100)), "a wait of its own");
        assert_eq!(third, (Ok(11), Duration::ZERO), "for a second nobody waits again");
        sleep((begun + 5 * SECOND) - Instant::now()).await;
        assert_eq!((page(10).await, RUNS.load(Ordering::SeqCst)), (Ok(12), 3));
        assert_eq!(begun.elapsed(), 5 * SECOND);
    });
}

#[test]
fn threads_of_a_runtime_share_loads_and_deadlines() {
    static RUNS: AtomicU64 = AtomicU64::new(0);

    #[memoize(load_timeout = 50ms)]
    async fn page(n: u64) -> Result<u64, LoadTimeout> {
        RUNS.fetch_add(1, Ordering::SeqCst);
        if n == 0 { Ok(n) } else { std::future::pending().await }
    }

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..64).map(|_| tokio::spawn(page(1))).collect();
        for task in tasks {
            assert!(task.await.unwrap().is_err());
        }
        assert_eq!(page(0).await, Ok(0));
    });
    assert!(RUNS.load(Ordering::SeqCst) < 64);
}

/// Of futures that hold a `'static` borrow or an object of a trait the compiler must see that they are `Send`.
#[test]
fn tasks_spawn_what_returns_any_error() {
    type BoxError = Box<dyn std::error::Error + Send + Sync>;

    #[memoize]
    async fn page(url: &'static str, n: u64) -> Result<String, BoxError> {
        tokio::task::yield_now().await;
        if n == 0 { Err("no page".into()) } else { Ok(format!("{url}/{n}")) }
    }

    #[memoize(batch, skip(host))]
    async fn names(host: &str, ids: &[u64]) -> Result<Vec<&'static str>, BoxError> {
        tokio::task::yield_now().await;
        Ok(ids.iter().map(|_| if host.is_empty() { "nobody" } else { "ada" }).collect())
    }

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let pages: Vec<_> = (0..16).map(|_| tokio::spawn(page("a", 1))).collect();
        for page in pages {
            assert_eq!(page.await.unwrap().unwrap(), "a/1");
        }
        assert_eq!(tokio::spawn(page("a", 0)).await.unwrap().unwrap_err().to_string(), "no page");
        let name = tokio::spawn(async { names::load("b", 1).await });
        assert_eq!(name.await.unwrap().unwrap(), "ada");
    });
    assert_eq!((page::cache_info().misses, names::cache_info().misses), (2, 1));
}

/// The same where the error itself cannot be sent, and stays in its task.
#[test]
fn batches_are_spawned_whose_error_stays_where_it_is() {
    #[memoize(batch, max_batch = 2)]
    async fn names(ids: &[u64]) -> Result<Vec<String>, Box<dyn std::error::Error>> {
        tokio::task::yield_now().await;
        if ids.contains(&0) { Err("nobody".into()) } else { Ok(ids.iter().map(u64::to_string).collect()) }
    }

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let all: Vec<_> = (1..9)
            .map(|id| tokio::spawn(async move { names(&[id, id + 1, id + 2]).await.unwrap().concat() }))
            .collect();
        for (id, names) in (1..9).zip(all) {
            assert_eq!(names.await.unwrap(), format!("{id}{}{}", id + 1, id + 2));
        }
        let single = tokio::spawn(async { names::load(20).await.unwrap() });
        assert_eq!(single.await.unwrap(), "20");
        let failed = tokio::spawn(async { names(&[1, 0]).await.unwrap_err().to_string() });
        assert_eq!(failed.await.unwrap(), "nobody");
        assert_eq!(tokio::spawn(names::warm([30, 31, 32])).await.unwrap(), 3);
    });
}
