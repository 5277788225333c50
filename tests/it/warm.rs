//! `warm`: loading many keys ahead of time.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread;

use cached_core::{Warm, Warmed, memoize, testing};

#[memoize]
fn price(id: u32, currency: &str) -> String {
    format!("{id} {currency}")
}

fn counts(warmed: &Warmed) -> (usize, usize, usize, usize) {
    (warmed.loaded, warmed.present, warmed.failed, warmed.panicked)
}

#[test]
fn keys_that_are_missing_are_loaded_once_and_are_hits_then() {
    let _scope = testing::isolate();
    price(1, "EUR");
    let keys = [1, 2, 3, 2].map(|id| (id, "EUR".to_owned()));
    assert_eq!(price::warm(keys), 2);
    let info = price::cache_info();
    assert_eq!((info.loads, info.misses, info.hits, info.len), (3, 1, 0, 3), "loads, but no calls");
    assert_eq!(price(3, "EUR"), "3 EUR");
    assert_eq!(price::cache_info().hits, 1);
    assert_eq!(price::warm((1..=3).map(|id| (id, "EUR".to_owned()))), 0);
    assert_eq!(price::warm([]), 0);
}

#[test]
fn one_argument_is_no_tuple() {
    #[memoize]
    fn double(n: u64) -> u64 {
        n * 2
    }
    #[memoize]
    fn size(path: &Path) -> usize {
        path.as_os_str().len()
    }
    #[memoize]
    fn sum(numbers: &[f64]) -> f64 {
        numbers.iter().sum()
    }
    #[memoize]
    fn half(n: f64) -> f64 {
        n / 2.0
    }
    #[memoize]
    fn either(a: Option<&str>, b: &u8) -> usize {
        a.map_or(usize::from(*b), str::len)
    }
    #[memoize]
    fn none() -> u8 {
        7
    }
    #[memoize]
    fn forever(text: &'static str) -> usize {
        text.len()
    }
    let _scope = testing::isolate();
    assert_eq!((double::warm(0..10), double(9), double::cache_info().hits), (10, 18, 1));
    assert_eq!((size::warm(["/a".into(), "/b/c".into()]), size(Path::new("/a"))), (2, 2));
    assert_eq!((sum::warm([vec![1.0, 2.0]]), sum(&[1.0, 2.0]).to_string()), (1, "3".to_owned()));
    assert_eq!((half::warm([1.0, f64::NAN, f64::NAN]), half(1.0).to_string()), (2, "0.5".to_owned()));
    assert_eq!((either::warm([(Some("abc"), 1), (None, 2)]), either(None, &2)), (2, 2));
    assert_eq!((forever::warm(["abc", "abc"]), forever("abc")), (1, 3));
    assert_eq!((none::warm([()]), none(), none::cache_info().hits), (1, 7, 1));
    assert_eq!((size::cache_info().hits, sum::cache_info().hits, half::cache_info().hits), (1, 1, 1));
}

#[test]
fn errors_and_panics_stop_nobody() {
    #[memoize]
    fn fragile(n: u32) -> Result<u32, String> {
        assert!(n != 3, "three");
        if n == 2 { Err("two".to_owned()) } else { Ok(n) }
    }
    let _scope = testing::isolate();
    fragile(5).unwrap();
    for at_once in [1, 3] {
        let warmed = fragile::warm_with(0..6, Warm::new().at_once(at_once));
        assert_eq!(counts(&warmed), (3, 1, 1, 1));
        assert!(fragile::contains(4) && !fragile::contains(2) && !fragile::contains(3));
        (0..5).for_each(|n| _ = fragile::invalidate(n));
    }
    assert_eq!(fragile::warm(0..6), 3);
}

#[test]
fn threads_share_the_work() {
    static TOGETHER: Barrier = Barrier::new(4);
    static THREADS: Mutex<Option<HashSet<thread::ThreadId>>> = Mutex::new(None);
    #[memoize]
    fn slow(n: u32) -> u32 {
        // Four at a time, or nobody would go on.
        TOGETHER.wait();
        THREADS.lock().unwrap().get_or_insert_default().insert(thread::current().id());
        n
    }
    let _scope = testing::isolate();
    let told = Mutex::new(Vec::new());
    let how = Warm::new().at_once(4).progress(|done, total| told.lock().unwrap().push((done, total)));
    assert_eq!(counts(&slow::warm_with(0..20, how)), (20, 0, 0, 0));
    assert_eq!(THREADS.lock().unwrap().as_ref().unwrap().len(), 4);
    let mut told = told.into_inner().unwrap();
    told.sort_unstable();
    assert!(told.iter().copied().eq((1..=20).map(|done| (done, 20))));
    assert_eq!((slow(7), slow::cache_info().len), (7, 20), "the threads were in this test's scope");
}

#[test]
fn progress_is_told_after_each_key() {
    let _scope = testing::isolate();
    let told = Mutex::new(Vec::new());
    let keys = (0..3).map(|id| (id, "EUR".to_owned()));
    price::warm_with(keys, Warm::new().progress(|done, total| told.lock().unwrap().push((done, total))));
    assert_eq!(told.into_inner().unwrap(), [(1, 3), (2, 3), (3, 3)]);
}

#[test]
fn what_is_skipped_is_given_once() {
    struct Pool(AtomicUsize);
    #[memoize(skip(pool))]
    fn user(pool: &Pool, id: u32, realm: &str) -> String {
        pool.0.fetch_add(1, Ordering::Relaxed);
        format!("{id}@{realm}")
    }
    #[memoize(skip(cell))]
    fn local(cell: &std::cell::Cell<u32>, id: u32) -> u32 {
        cell.set(cell.get() + 1);
        id
    }
    let _scope = testing::isolate();
    let pool = Pool(AtomicUsize::new(0));
    let keys = || (0..10).map(|id| (id, "x".to_owned()));
    assert_eq!(user::warm(&pool, keys().take(3)), 3);
    assert_eq!(counts(&user::warm_with(&pool, keys(), Warm::new().at_once(4))), (7, 3, 0, 0));
    assert_eq!((user(&pool, 9, "x"), pool.0.load(Ordering::Relaxed)), ("9@x".to_owned(), 10));
    let cell = std::cell::Cell::new(0);
    assert_eq!(counts(&local::warm_with(&cell, 0..5, Warm::new().at_once(4))), (5, 0, 0, 0));
    assert_eq!((local(&cell, 4), cell.get()), (4, 5), "on this thread, as it cannot be shared");
}

#[test]
fn generic_functions_too() {
    #[memoize]
    fn text<T: std::fmt::Display + std::hash::Hash + Eq + Clone + Send + Sync + 'static>(
        value: &T,
    ) -> String {
        value.to_string()
    }
    let _scope = testing::isolate();
    assert_eq!(text::warm::<u8>([1, 2]), 2);
    assert_eq!((text(&1_u8), text::cache_info::<u8>().hits), ("1".to_owned(), 1));
}

#[tokio::test]
async fn futures_are_polled_some_at_a_time() {
    static RUNNING: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);
    #[memoize]
    async fn fetch(id: u32, realm: &str) -> Result<u32, String> {
        MOST.fetch_max(RUNNING.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        RUNNING.fetch_sub(1, Ordering::Relaxed);
        assert!(id != 13, "unlucky");
        if id == 7 { Err(realm.to_owned()) } else { Ok(id) }
    }
    let _scope = testing::isolate();
    let keys = || (0..20).map(|id| (id, "x".to_owned()));
    let told = AtomicUsize::new(0);
    let how = Warm::new().at_once(5).progress(|done, _| told.store(done, Ordering::Relaxed));
    assert_eq!(counts(&fetch::warm_with(keys(), how).await), (18, 0, 1, 1));
    assert_eq!((MOST.load(Ordering::Relaxed), told.load(Ordering::Relaxed)), (5, 20));
    assert_eq!((fetch(3, "x").await, fetch::cache_info().hits, fetch::cache_info().misses), (Ok(3), 1, 0));
    assert_eq!(fetch::warm(keys().filter(|(id, _)| *id != 13)).await, 0);
}

#[tokio::test]
async fn a_future_that_warms_can_be_spawned() {
    #[memoize]
    async fn fetch(id: u32) -> u32 {
        tokio::task::yield_now().await;
        id
    }
    let scope = testing::isolate();
    let task = scope.run(async { fetch::warm_with(0..100, Warm::new().at_once(10)).await });
    assert_eq!(tokio::spawn(task).await.unwrap().loaded, 100);
    assert_eq!((fetch(7).await, fetch::cache_info().hits), (7, 1));
}

#[test]
fn lazy_functions_are_worked_out() {
    #[memoize(lazy)]
    fn report(year: u32) -> String {
        year.to_string()
    }
    let _scope = testing::isolate();
    assert_eq!(report::warm([2001, 2002]), 2);
    assert!(report(2001).is_ready());
}
