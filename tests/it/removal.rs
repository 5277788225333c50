//! Who is told of removals: of which, why, and when.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::Duration;

use cached_core::RemovalCause::{self, Expired, Explicit, Replaced, Size};
use cached_core::{Cache, CacheBuilder, memoize, registry, testing};
use pollster::block_on;
use tests::comes;

type Told = Arc<Mutex<Vec<(u32, u32, RemovalCause)>>>;

fn listening(builder: CacheBuilder<u32, u32>) -> (Cache<u32, u32>, Told) {
    let told = Told::default();
    let listener = Arc::clone(&told);
    let tell = move |key: &u32, value: &u32, cause| listener.lock().unwrap().push((*key, *value, cause));
    (builder.on_remove(tell).build(), told)
}

fn take(told: &Told) -> Vec<(u32, u32, RemovalCause)> {
    std::mem::take(&mut told.lock().unwrap())
}

#[test]
fn each_removal_is_told_with_its_cause() {
    let scope = testing::isolate();
    let (cache, told) = listening(
        Cache::builder()
            .max(3)
            .policy(cached_core::PolicyKind::Lru)
            .ttl(60)
            .tags(|key: &u32| [key.to_string()]),
    );
    (1..=4).for_each(|key| cache.insert(key, key * 10));
    assert_eq!(take(&told), [(1, 10, Size)]);
    cache.insert(4, 41);
    assert_eq!(take(&told), [(4, 40, Replaced)]);
    cache.refresh(4, || 42);
    assert_eq!(take(&told), [(4, 41, Replaced)]);
    assert!(cache.invalidate(&4));
    assert_eq!(take(&told), [(4, 42, Explicit)]);
    assert_eq!(registry::invalidate_tag("3"), 1);
    assert_eq!(take(&told), [(3, 30, Explicit)]);
    cache.insert(3, 31);
    assert_eq!(cache.invalidate_if(|key, _| *key == 3), 1);
    assert_eq!(take(&told), [(3, 31, Explicit)]);
    scope.advance(Duration::from_secs(61));
    assert_eq!((cache.get(&2), take(&told)), (None, vec![(2, 20, Expired)]));
    (5..=6).for_each(|key| cache.insert(key, 0));
    assert_eq!(cache.clear(), 2);
    // In no order: which place an entry gets depends on who reads elsewhere.
    let mut cleared = take(&told);
    cleared.sort_unstable_by_key(|told| told.0);
    assert_eq!(cleared, [(5, 0, Explicit), (6, 0, Explicit)]);
    cache.insert(7, 0);
    scope.advance(Duration::from_secs(61));
    assert_eq!((cache.get_or_load(7, || 1), take(&told)), (1, vec![(7, 0, Expired)]));
}

#[test]
fn what_was_never_stored_is_not_told() {
    let (cache, told) = listening(Cache::builder().max(2).store_if(|value| *value > 0));
    cache.get_or_load(1, || 0);
    assert_eq!(take(&told), []);
    cache.insert(1, 1);
    cache.insert(1, 0);
    assert_eq!(take(&told), [(1, 1, Replaced)], "by what is not kept");
    cache.insert(2, 1);
    drop(cache);
    assert_eq!(take(&told), [], "nor what goes with the cache");
}

static LOST: Mutex<Vec<(u64, String, RemovalCause)>> = Mutex::new(Vec::new());

#[memoize(max = 1, on_remove = |id, name, cause| LOST.lock().unwrap().push((*id, name.clone(), cause)))]
fn name(id: u64) -> Result<String, String> {
    if id == 0 { Err("none".to_owned()) } else { Ok(format!("name {id}")) }
}

static FORGOTTEN: AtomicUsize = AtomicUsize::new(0);

fn count_forgotten(key: &(u32, String), _: &u32, cause: RemovalCause) {
    assert_eq!((key.0, cause), (1, Explicit));
    FORGOTTEN.fetch_add(1, Ordering::SeqCst);
}

#[memoize(on_remove = count_forgotten)]
async fn later(id: u32, name: &str) -> u32 {
    id + u32::try_from(name.len()).unwrap()
}

#[test]
fn functions_have_listeners_too() {
    let _scope = testing::isolate();
    let _ = (name(1), name(0), name(2));
    name::clear();
    let expected = [(1, "name 1".to_owned(), Size), (2, "name 2".to_owned(), Explicit)];
    assert_eq!(*LOST.lock().unwrap(), expected);
    assert_eq!(block_on(later(1, "abc")), 4);
    assert!(later::invalidate(1, "abc"));
    assert_eq!(FORGOTTEN.load(Ordering::SeqCst), 1);
}

/// A value that says when it is dropped.
struct Loud(Arc<Mutex<Vec<&'static str>>>);

impl Drop for Loud {
    fn drop(&mut self) {
        self.0.lock().unwrap().push("dropped");
    }
}

#[test]
fn a_listener_is_told_before_the_value_is_dropped_though_readers_hold_it_up() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&log);
    let cache: Cache<u32, Arc<Loud>> =
        Cache::builder().on_remove(move |_, _, _| told.lock().unwrap().push("told")).build();
    cache.insert(1, Arc::new(Loud(Arc::clone(&log))));
    cache.with(&1, |_| {
        assert!(cache.invalidate(&1));
        assert_eq!(*log.lock().unwrap(), ["told"], "at once");
    });
    let dropped = (0..1_000_000).any(|_| {
        thread::yield_now();
        cache.info();
        log.lock().unwrap().len() == 2
    });
    assert!(dropped && *log.lock().unwrap() == ["told", "dropped"]);
}

#[test]
fn a_listener_may_call_the_cache() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let cache: Arc<std::sync::OnceLock<Cache<u32, u32>>> = Arc::default();
    let (own, told) = (Arc::clone(&cache), Arc::clone(&order));
    let listener = move |key: &u32, _: &u32, cause| {
        told.lock().unwrap().push(("begins", *key, cause));
        if *key > 0 {
            let cache = own.get().unwrap();
            cache.invalidate(&(key - 1));
            cache.insert(100 + key, 0);
            assert!(cache.contains(&(100 + key)));
        }
        told.lock().unwrap().push(("ends", *key, cause));
    };
    let cache = cache.get_or_init(|| Cache::builder().max(1000).on_remove(listener).build());
    (0..3).for_each(|key| cache.insert(key, key));
    cache.invalidate(&2);
    let expected: Vec<_> =
        [2, 1, 0].into_iter().flat_map(|key| [("begins", key, Explicit), ("ends", key, Explicit)]).collect();
    assert_eq!(*order.lock().unwrap(), expected, "one after the other");
}

#[test]
fn a_panic_in_it_leaves_the_cache_whole() {
    let told = Told::default();
    let listener = Arc::clone(&told);
    let cache: Cache<u32, u32> = Cache::builder()
        .max(10)
        .on_remove(move |key, value, cause| {
            listener.lock().unwrap().push((*key, *value, cause));
            assert_ne!(*key, 1, "as wanted");
        })
        .build();
    (0..3).for_each(|key| cache.insert(key, key));
    assert!(catch_unwind(AssertUnwindSafe(|| cache.clear())).is_err());
    assert_eq!(cache.info().len, 0);
    assert_eq!(
        take(&told),
        [(0, 0, Explicit), (1, 1, Explicit), (2, 2, Explicit)],
        "the rest with the next operation"
    );
    cache.insert(1, 1);
    assert!(catch_unwind(AssertUnwindSafe(|| cache.insert(1, 2))).is_err());
    assert_eq!((cache.get(&1), take(&told)), (Some(2), vec![(1, 1, Replaced)]));
    let loaded = catch_unwind(AssertUnwindSafe(|| cache.refresh(1, || 3)));
    assert!(loaded.is_err() && cache.get(&1) == Some(3));
}

#[test]
fn it_does_not_keep_others_waiting_for_a_load() {
    let (entered, leave) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let (inside, done) = (Arc::clone(&entered), Arc::clone(&leave));
    let cache: Cache<u32, u32> = Cache::builder()
        .max(10)
        .on_remove(move |_, _, _| {
            inside.wait();
            done.wait();
        })
        .build();
    cache.insert(1, 1);
    let slow = {
        let cache = cache.clone();
        thread::spawn(move || cache.refresh(1, || 2))
    };
    entered.wait();
    assert_eq!(cache.get_or_load(1, || unreachable!()), 2);
    assert_eq!(cache.get_or_load(2, || 20), 20);
    leave.wait();
    assert_eq!(slow.join().unwrap(), 2);
}

#[test]
fn of_a_key_it_is_told_in_order_and_of_each_entry_once() {
    const THREADS: u32 = 4;
    let rounds = std::env::var("RACES").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3_000_u32);
    let next = Arc::new(AtomicU64::new(1));
    let last: Arc<[AtomicU64; 4]> = Arc::default();
    let (told, busy) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (seen, count, inside) = (Arc::clone(&last), Arc::clone(&told), Arc::clone(&busy));
    // Values of a key rise: each load takes the next number while it is the only one of its key.
    let cache: Cache<u32, u64> = Cache::builder()
        .max(3)
        .tags(|key: &u32| [key.to_string()])
        .on_remove(move |key, value, _| {
            assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "one at a time");
            let before = seen[*key as usize].swap(*value, Ordering::SeqCst);
            assert!(before < *value, "{value} of {key} after {before}");
            count.fetch_add(1, Ordering::SeqCst);
            inside.fetch_sub(1, Ordering::SeqCst);
        })
        .build();
    let stored = AtomicUsize::new(0);
    thread::scope(|threads| {
        for thread in 0..THREADS {
            let (cache, next) = (&cache, &next);
            threads.spawn(move || {
                for round in 0..rounds {
                    let key = (round + thread) % 4;
                    match round % 5 {
                        0 => drop(cache.invalidate(&key)),
                        1 if round % 3 == 0 => {
                            cache.invalidate_tag(key.to_string());
                        }
                        2 if round % 7 == 0 => {
                            cache.clear();
                        }
                        _ => {
                            cache.get_or_load(key, || next.fetch_add(1, Ordering::SeqCst));
                        }
                    }
                }
            });
        }
    });
    stored.fetch_add(cache.info().len, Ordering::SeqCst);
    cache.clear();
    let info = cache.info();
    assert!(
        told.load(Ordering::SeqCst) as u64 <= info.loads,
        "{} of {}",
        told.load(Ordering::SeqCst),
        info.loads
    );
    let removals = info.evictions + info.invalidations + info.expirations;
    assert_eq!(told.load(Ordering::SeqCst) as u64, removals, "{info}");
    assert_eq!(info.len, 0);
}

#[test]
fn what_a_reader_held_up_goes_with_an_invalidation_of_what_is_not_there() {
    let alive = Arc::new(());
    let cache: Cache<u32, Arc<()>> = Cache::default();
    cache.insert(1, Arc::clone(&alive));
    cache.with(&1, |_| assert!(cache.invalidate(&1)));
    assert!(comes(|| {
        assert!(!cache.invalidate(&1));
        Arc::strong_count(&alive) == 1
    }));
}
