//! `lazy`: nothing runs until it is asked to.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cached_core::{Lazy, LazyFuture, memoize, testing};

static RUNS: AtomicU32 = AtomicU32::new(0);

#[memoize(lazy, ttl = 60s)]
fn report(id: u64) -> String {
    RUNS.fetch_add(1, Ordering::Relaxed);
    format!("report {id}")
}

#[test]
fn a_lazy_call_runs_when_it_is_forced_and_equal_calls_share_it() {
    let scope = testing::isolate();
    let before = RUNS.load(Ordering::Relaxed);
    let call: Lazy<String> = report(7);
    let same = report(7);
    assert!(!call.is_ready());
    assert_eq!(call.peek(), None);
    assert_eq!(RUNS.load(Ordering::Relaxed), before, "nothing has run");
    assert_eq!(call.force(), "report 7");
    assert_eq!(same.force(), "report 7");
    assert!(same.is_ready() && call.clone().is_ready());
    assert_eq!(same.peek().as_deref(), Some("report 7"));
    assert_eq!(RUNS.load(Ordering::Relaxed), before + 1);
    assert_eq!((report::cache_info().hits, report::cache_info().misses), (1, 1));
    scope.advance(Duration::from_secs(60));
    assert!(!call.is_ready(), "its value lives in the cache, and ages there");
    assert_eq!(call.force(), "report 7");
    assert_eq!(RUNS.load(Ordering::Relaxed), before + 2);
}

#[memoize(lazy)]
fn page(title: &str, tags: &[u8], weight: f64) -> String {
    format!("{title} {tags:?} {weight}")
}

#[test]
fn debug_shows_the_call_and_what_is_known_of_it() {
    let _scope = testing::isolate();
    let call = page("home", &[1, 2], 0.5);
    assert_eq!(format!("{call:?}"), r#"Lazy(page("home", [1, 2], 0.5): pending)"#);
    call.force();
    assert_eq!(format!("{call:?}"), r#"Lazy(page("home", [1, 2], 0.5): "home [1, 2] 0.5")"#);
}

#[test]
fn a_lazy_call_keeps_nothing_of_what_it_borrowed() {
    let _scope = testing::isolate();
    let call = {
        let title = String::from("short-lived");
        page(&title, &[], 1.0)
    };
    assert_eq!(call.force(), "short-lived [] 1");
}

#[test]
fn invalidation_reaches_lazy_calls() {
    let _scope = testing::isolate();
    let call = page("home", &[], 0.0);
    call.force();
    assert!(page::invalidate("home", &[], 0.0));
    assert!(!call.is_ready());
    page::insert("home", &[], 0.0, "put".to_owned());
    assert_eq!(call.force(), "put");
    assert_eq!(page::uncached("home", &[], 0.0), "home [] 0");
    assert_eq!(page::refresh("home", &[], 0.0), "home [] 0");
    assert_eq!(page::force("home", &[], 0.0), "home [] 0");
}

#[memoize(lazy)]
fn attempt(n: u32) -> Result<u32, String> {
    if RUNS.fetch_add(1, Ordering::Relaxed) == u32::MAX { Ok(n) } else { Err(format!("no {n}")) }
}

#[test]
fn a_lazy_call_that_fails_says_so_and_can_be_forced_again() {
    let _scope = testing::isolate();
    let call = attempt(1);
    assert_eq!(call.force(), Err("no 1".to_owned()));
    assert!(!call.is_ready());
    assert_eq!(call.force(), Err("no 1".to_owned()));
    attempt::insert(1, 5);
    assert_eq!(call.peek(), Some(Ok(5)));
    assert_eq!(call.force(), Ok(5));
}

#[memoize(lazy, skip(prefix))]
fn labelled(prefix: String, n: u32) -> String {
    format!("{prefix}{n}")
}

#[memoize(lazy, key = name.to_lowercase())]
fn folded(name: &str) -> usize {
    name.len()
}

#[test]
fn lazy_goes_with_the_other_options() {
    let _scope = testing::isolate();
    assert_eq!(labelled("a".to_owned(), 1).force(), "a1");
    assert_eq!(labelled("b".to_owned(), 1).force(), "a1");
    assert_eq!(folded("ABC").force(), 3);
    assert!(folded("abc").is_ready());
    assert_eq!(format!("{:?}", folded("abc")), "Lazy(folded(..): 3)");
}

#[test]
fn forced_by_many_threads_it_runs_once() {
    static ONCE: AtomicU32 = AtomicU32::new(0);
    #[memoize(lazy)]
    fn heavy(n: u32) -> u32 {
        ONCE.fetch_add(1, Ordering::Relaxed);
        n
    }
    let scope = testing::isolate();
    let call = heavy(3);
    let threads: Vec<_> = (0..16)
        .map(|_| {
            let call = call.clone();
            std::thread::spawn(scope.wrap(move || call.force()))
        })
        .collect();
    threads.into_iter().for_each(|thread| assert_eq!(thread.join().unwrap(), 3));
    assert_eq!(ONCE.load(Ordering::Relaxed), 1);
}

#[test]
fn it_is_counted_what_was_put_off_and_what_was_forced() {
    let _scope = testing::isolate();
    let call = page("a", &[], 0.0);
    let _never = page("b", &[], 0.0);
    assert_eq!((call.force(), call.clone().force()), ("a [] 0".to_owned(), "a [] 0".to_owned()));
    let info = page::cache_info();
    assert_eq!((info.created, info.forced, info.misses, info.hits), (2, 2, 1, 1));
    assert!(info.to_string().contains("created=2 forced=2"), "{info}");
    assert!(call.invalidate() && !call.invalidate() && !call.is_ready());
}

#[memoize(lazy, ttl = 60s)]
async fn remote(host: &str, port: u16) -> Result<String, String> {
    RUNS.fetch_add(1, Ordering::Relaxed);
    if port == 0 { Err(format!("no port on {host}")) } else { Ok(format!("{host}:{port}")) }
}

#[test]
fn an_asynchronous_call_runs_when_it_is_awaited() {
    let scope = testing::isolate();
    let before = RUNS.load(Ordering::Relaxed);
    let call: LazyFuture<Result<String, String>> = {
        let host = String::from("short.lived");
        remote(&host, 80)
    };
    assert!(!call.is_ready() && RUNS.load(Ordering::Relaxed) == before);
    assert_eq!(format!("{call:?}"), r#"Lazy(remote("short.lived", 80): pending)"#);
    pollster::block_on(async {
        assert_eq!(call.clone().await.unwrap(), "short.lived:80");
        assert_eq!(remote("short.lived", 80).force().await.unwrap(), "short.lived:80");
        assert_eq!((&call).await.unwrap(), "short.lived:80");
    });
    assert_eq!(RUNS.load(Ordering::Relaxed), before + 1);
    assert_eq!(call.peek(), Some(Ok("short.lived:80".to_owned())));
    assert_eq!(format!("{call:?}"), r#"Lazy(remote("short.lived", 80): Ok("short.lived:80"))"#);
    scope.advance(Duration::from_secs(60));
    assert!(!call.is_ready());
    let fails = remote("here", 0);
    assert_eq!(pollster::block_on(fails.force()), Err("no port on here".to_owned()));
    assert!(!fails.is_ready(), "it can be forced again");
    remote::insert("here", 0, "put".to_owned());
    assert_eq!(pollster::block_on(async { fails.await }), Ok("put".to_owned()));
    let info = remote::cache_info();
    assert_eq!((info.created, info.forced), (3, 5));
}

#[test]
fn an_asynchronous_call_may_be_awaited_by_many_tasks() {
    static ONCE: AtomicU32 = AtomicU32::new(0);
    #[memoize(lazy)]
    async fn heavy(n: u32) -> u32 {
        ONCE.fetch_add(1, Ordering::Relaxed);
        smol::future::yield_now().await;
        n
    }
    let _scope = testing::isolate();
    let executor = smol::LocalExecutor::new();
    let call = heavy(3);
    let tasks: Vec<_> = (0..8).map(|_| executor.spawn(call.force())).collect();
    smol::block_on(executor.run(async {
        for task in tasks {
            assert_eq!(task.await, 3);
        }
    }));
    assert_eq!(ONCE.load(Ordering::Relaxed), 1);
}

static BUILDS: AtomicU32 = AtomicU32::new(0);

fn build() -> Vec<u64> {
    BUILDS.fetch_add(1, Ordering::Relaxed);
    vec![1, 2, 3]
}

/// A table that takes long.
#[memoize(lazy, ttl = 60s)]
pub static TABLE: Vec<u64> = build();

#[memoize(lazy)]
static BROKEN: Result<u32, String> =
    if BUILDS.load(Ordering::Relaxed) == u32::MAX { Ok(1) } else { Err("no".into()) };

#[memoize(lazy, name = "greeting")]
static GREETING: &str = "hello";

#[test]
fn a_static_is_a_call_without_arguments() {
    let scope = testing::isolate();
    let before = BUILDS.load(Ordering::Relaxed);
    assert_eq!(format!("{TABLE:?}"), "Lazy(TABLE: pending)");
    assert!(!TABLE.is_ready() && TABLE.peek().is_none());
    assert_eq!(BUILDS.load(Ordering::Relaxed), before);
    assert_eq!((TABLE.force(), TABLE.clone().force()), (vec![1, 2, 3], vec![1, 2, 3]));
    assert_eq!(BUILDS.load(Ordering::Relaxed), before + 1);
    assert_eq!(format!("{TABLE:?}"), "Lazy(TABLE: [1, 2, 3])");
    let entry = cached_core::registry::find("lazy::TABLE").unwrap();
    assert_eq!((entry.cache_info().forced, entry.cache_info().misses), (2, 1));
    assert_eq!(entry.clear(), 1);
    assert!(!TABLE.is_ready());
    TABLE.force();
    assert!(TABLE.invalidate());
    TABLE.force();
    scope.advance(Duration::from_secs(60));
    assert!(!TABLE.is_ready());
    assert_eq!(GREETING.force(), "hello");
    assert!(cached_core::registry::find("greeting").is_some());
    assert_eq!((BROKEN.force(), BROKEN.is_ready()), (Err("no".to_owned()), false));
    drop(scope);
    let _other = testing::isolate();
    assert!(!GREETING.is_ready(), "a test has its own");
}
