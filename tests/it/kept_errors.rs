//! `errors`: a failure that is kept for a while, as a value is. What it makes of other options is in the table of pairs.

use std::cell::Cell;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Barrier, Mutex};
use std::time::Duration;

use cached_core::{Cache, memoize, registry, testing};

const SECOND: Duration = Duration::from_secs(1);

static RUNS: AtomicU64 = AtomicU64::new(0);

thread_local!(static OWN_RUNS: Cell<u64> = const { Cell::new(0) });

fn runs() -> u64 {
    OWN_RUNS.get()
}

/// Even numbers are found, odd ones are not.
fn find(n: u64) -> Result<u64, String> {
    OWN_RUNS.set(OWN_RUNS.get() + 1);
    if n % 2 == 0 { Ok(n) } else { Err(format!("no {n}")) }
}

#[memoize(errors = 5s)]
fn found(n: u64) -> Result<u64, String> {
    find(n)
}

#[test]
fn an_error_is_told_for_so_long_and_counts_as_a_hit() {
    let scope = testing::isolate();
    for _ in 0..3 {
        assert_eq!(found(1), Err("no 1".to_owned()));
    }
    let info = found::cache_info();
    assert_eq!((info.hits, info.misses, info.load_failures, info.len), (2, 1, 1, 1));
    assert!(!found::contains(1) && found::peek(1).is_none(), "there is no value");
    scope.advance(5 * SECOND);
    let info = found::cache_info();
    assert_eq!((info.len, info.expirations), (0, 1));
    assert!(found(1).is_err());
    assert_eq!(runs(), 2);
}

#[test]
fn an_error_is_forgotten_on_request() {
    let _scope = testing::isolate();
    assert!(found(1).is_err() && found(3).is_err() && found(2).is_ok());
    assert!(found::invalidate(1) && !found::invalidate(1));
    assert!(found(1).is_err());
    assert_eq!(runs(), 4);
    assert_eq!(found::invalidate_if(|n, _| *n == 2), 1, "errors go too, and are none of those that match");
    assert_eq!(found::cache_info().len, 0);
    assert!(found(1).is_err() && found(2).is_ok());
    assert_eq!(found::clear(), 2);
    assert!(found(1).is_err());
    assert_eq!(runs(), 7);
    registry::clear_all();
    assert_eq!(found::cache_info().len, 0);
}

#[test]
fn a_value_takes_the_place_of_an_error() {
    let _scope = testing::isolate();
    assert!(found(1).is_err());
    found::insert(1, 10);
    assert_eq!((found(1), found::cache_info().len), (Ok(10), 1));
    assert!(found::refresh(1).is_err(), "whoever asks for it is told");
    assert_eq!(found(1), Ok(10), "and a value that is there stays");
    assert!(found::invalidate(1) && found::refresh(1).is_err() && found(1).is_err());
    assert_eq!(runs(), 3, "the error of a refresh is kept as any other");
}

#[test]
fn an_invalidation_during_the_load_wins() {
    #[memoize(errors = 5s)]
    fn outdated(n: u64) -> Result<u64, String> {
        outdated::invalidate(n);
        find(n)
    }
    let _scope = testing::isolate();
    assert!(outdated(1).is_err() && outdated(1).is_err());
    assert_eq!((runs(), outdated::cache_info().len), (2, 0));
}

#[test]
fn one_load_fails_for_all() {
    static FAILED: AtomicU64 = AtomicU64::new(0);
    #[memoize(errors = 1h)]
    fn shared(n: u64) -> Result<u64, String> {
        RUNS.fetch_add(1, Ordering::SeqCst);
        // All come while this runs, or find what it left.
        Err(format!("no {n}"))
    }
    let (scope, start) = (testing::isolate(), Barrier::new(8));
    std::thread::scope(|threads| {
        for _ in 0..8 {
            let (scope, start) = ((*scope).clone(), &start);
            threads.spawn(move || {
                scope.wrap(|| {
                    start.wait();
                    assert_eq!(shared(1), Err("no 1".to_owned()));
                    FAILED.fetch_add(1, Ordering::SeqCst);
                })();
            });
        }
    });
    assert_eq!((RUNS.load(Ordering::SeqCst), FAILED.load(Ordering::SeqCst)), (1, 8));
}

/// Counts how many of it there are.
#[derive(Debug)]
struct Counted;

static LIVE: AtomicI64 = AtomicI64::new(0);

impl Counted {
    fn new() -> Self {
        LIVE.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, Ordering::SeqCst);
    }
}

#[test]
fn errors_and_values_are_bounded_together_and_nothing_is_left_of_them() {
    #[memoize(errors = 1h, max = 8, policy = lru)]
    fn bounded(n: u64) -> Result<Counted, Counted> {
        if n % 3 == 0 { Ok(Counted::new()) } else { Err(Counted::new()) }
    }
    let scope = testing::isolate();
    for n in 0..1000 {
        assert_eq!(bounded(n).is_ok(), n % 3 == 0);
        assert!(bounded::cache_info().len <= 8);
    }
    // Of failures alone, the last ones are there: a quarter of the room is theirs.
    (0..1000).filter(|n| n % 3 > 0).for_each(|n| drop(bounded(n)));
    let hits = bounded::cache_info().hits;
    (998..1000).for_each(|n| drop(bounded(n)));
    assert_eq!(bounded::cache_info().hits, hits + 2);
    bounded::clear();
    assert_eq!(bounded::cache_info().len, 0);
    // Before, other tests' readers may hold up what has left.
    drop(scope);
    assert_eq!(LIVE.load(Ordering::SeqCst), 0);
}

#[test]
fn errors_weigh_one_each() {
    #[memoize(errors = 1h, max_weight = 100, weigher = |_, value: &u64| *value)]
    fn heavy(n: u64) -> Result<u64, String> {
        if n < 50 { Ok(10) } else { Err(n.to_string()) }
    }
    let _scope = testing::isolate();
    for n in (0..10).chain(50..200).chain(20..40) {
        drop(heavy(n));
        let info = heavy::cache_info();
        assert!(info.weight <= 100, "{info}");
    }
    assert_eq!(heavy(39), Ok(10));
}

#[test]
fn many_writers_keep_the_bound_together() {
    #[memoize(errors = 1h, max = 16)]
    fn crowded(n: u64) -> Result<u64, u64> {
        if n % 2 == 0 { Ok(n) } else { Err(n) }
    }
    let scope = testing::isolate();
    std::thread::scope(|threads| {
        for thread in 0..8_u64 {
            let scope = (*scope).clone();
            threads.spawn(move || {
                scope.wrap(|| {
                    for n in 0..2000 {
                        let n = n * 7 + thread;
                        assert_eq!(
                            crowded(n % 101),
                            if n % 101 % 2 == 0 { Ok(n % 101) } else { Err(n % 101) }
                        );
                        assert!(crowded::cache_info().len <= 16 + 8);
                    }
                })();
            });
        }
    });
    assert!(crowded::cache_info().len <= 16);
}

#[test]
fn nothing_is_kept_where_nothing_is_to_be() {
    #[memoize(errors = 1h, max = 0)]
    fn none(n: u64) -> Result<u64, String> {
        find(n)
    }
    #[memoize(errors = 0s)]
    fn for_no_time(n: u64) -> Result<u64, String> {
        find(n)
    }
    #[memoize(errors = Duration::MAX)]
    fn for_ever(n: u64) -> Result<u64, String> {
        find(n)
    }
    #[memoize(errors = 1ns)]
    fn for_a_moment(n: u64) -> Result<u64, String> {
        find(n)
    }
    let scope = testing::isolate();
    assert!(none(1).is_err() && none(1).is_err() && for_no_time(1).is_err() && for_no_time(1).is_err());
    assert_eq!(runs(), 4);
    assert!(for_ever(1).is_err() && for_a_moment(1).is_err() && for_a_moment(1).is_err());
    scope.advance(Duration::MAX);
    assert!(for_ever(1).is_err());
    assert_eq!(runs(), 6);
    assert!(for_a_moment(1).is_err());
    assert_eq!(runs(), 7);
}

#[test]
fn short_lived_errors_are_cleared_away_by_later_loads() {
    let scope = testing::isolate();
    (0..20_000).for_each(|n| drop(found(2 * n + 1)));
    assert_eq!(found::cache_info().len, 20_000);
    scope.advance(5 * SECOND);
    // Each load clears a bounded number away.
    (0..100).for_each(|n| drop(found(2 * n)));
    assert_eq!(found::cache_info().len, 100);
}

struct Desk;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Till(u64);

impl Till {
    #[memoize(errors = 5s)]
    fn sum(&self, n: u64) -> Result<u64, String> {
        find(self.0 + n)
    }
}

#[memoize(errors = 5s)]
fn parsed<T>(text: &str) -> Result<T, String>
where
    T: std::str::FromStr + Clone + Send + Sync + 'static,
{
    OWN_RUNS.set(OWN_RUNS.get() + 1);
    text.parse().map_err(|_| format!("`{text}` is none"))
}

type Found<T> = Result<T, std::sync::Arc<std::io::Error>>;

#[memoize(errors = 5s, skip(desk))]
fn looked_up(desk: &Desk, name: &str) -> Found<u64> {
    let _ = desk;
    OWN_RUNS.set(OWN_RUNS.get() + 1);
    Err(std::io::Error::other(name.to_owned()).into())
}

#[test]
fn functions_of_any_shape_keep_their_errors() {
    let _scope = testing::isolate();
    for _ in 0..2 {
        assert!(Till(1).sum(2).is_err());
        assert!(parsed::<u8>("x").is_err() && parsed::<u16>("x").is_err());
        assert_eq!(looked_up(&Desk, "ann").unwrap_err().to_string(), "ann");
    }
    assert_eq!(runs(), 4);
}

#[test]
fn a_cache_that_is_no_functions_keeps_errors_that_can_be_told() {
    let scope = testing::isolate();
    let cache: Cache<u64, u64> = Cache::builder().errors(5).max(4).build();
    let load = |n| cache.try_get_or_load_shared(n, || find(n));
    assert_eq!((load(1), load(1)), (Err("no 1".to_owned()), Err("no 1".to_owned())));
    assert_eq!(runs(), 1);
    // What is told is of the type that was asked for; an error of another type is no answer.
    assert_eq!(cache.try_get_or_load_shared(1, || Err::<u64, u8>(7)), Err(7));
    assert_eq!(cache.try_get_or_load_shared(1, || Err::<u64, u8>(8)), Err(7));
    assert!(cache.invalidate(&1));
    assert!(load(1).is_err());
    scope.advance(5 * SECOND);
    assert!(load(1).is_err());
    assert_eq!((runs(), cache.get(&1)), (3, None));
}

#[test]
fn the_invalidation_of_a_tag_forgets_errors() {
    let _scope = testing::isolate();
    let of_key: Cache<u64, u64> = Cache::builder().errors(60).tags(|n| [format!("odd:{n}")]).build();
    let load = |n| of_key.try_get_or_load_shared(n, || find(n));
    assert!(load(1).is_err() && load(3).is_err() && load(1).is_err());
    assert_eq!((of_key.invalidate_tag("odd:1"), of_key.info().len), (1, 1));
    assert!(load(1).is_err() && load(3).is_err());
    assert_eq!(runs(), 3);
    // A load that began before is told, and not kept.
    let late = of_key.try_get_or_load_shared(5, || {
        of_key.invalidate_tag("odd:5");
        find(5)
    });
    assert!(late.is_err() && load(5).is_err());
    assert_eq!(runs(), 5);

    // Which tags the value would have had that did not come, nobody knows.
    let of_value: Cache<u64, u64> =
        Cache::builder().errors(60).tags_of(|_, value: &u64| [value.to_string()]).build();
    let load = |n| of_value.try_get_or_load_shared(n, || find(n));
    assert!(load(1).is_err() && load(1).is_err());
    assert_eq!(runs(), 6);
    of_value.invalidate_tag("7");
    assert!(load(1).is_err());
    assert_eq!(runs(), 7);
    let late = of_value.try_get_or_load_shared(5, || {
        of_value.invalidate_tag("7");
        find(5)
    });
    assert!(late.is_err() && load(5).is_err());
    assert_eq!(runs(), 9);
}

#[test]
fn a_listener_is_told_of_values_and_not_of_errors() {
    static TOLD: Mutex<Vec<u64>> = Mutex::new(Vec::new());
    #[memoize(errors = 5s, max = 4, on_remove = |n, _, _| TOLD.lock().unwrap().push(*n))]
    fn read(n: u64) -> Result<u64, String> {
        if n < 10 { Err("too small".to_owned()) } else { Ok(n) }
    }
    let scope = testing::isolate();
    assert!(read(1).is_err() && read(10).is_ok());
    assert!(read::invalidate(1) && read(2).is_err());
    scope.advance(Duration::from_secs(5));
    assert!(
        read(2).is_err() && read(3).is_err(),
        "the one has ended, and the next one makes the other leave"
    );
    assert_eq!(read::clear(), 2);
    assert_eq!(*TOLD.lock().unwrap(), [10]);
}
