//! `lazy`: nothing runs until it is asked to.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cached_core::{Lazy, memoize, testing};

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
