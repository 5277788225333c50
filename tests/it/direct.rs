//! `Cache`: a cache and not a function.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use cached_core::policy::Fifo;
use cached_core::{Cache, Equivalent, PolicyKind, memoize, registry, testing};

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or_default()
}

fn counts<K: Send + Sync, V: Send + Sync>(cache: &Cache<K, V>) -> (u64, u64, u64) {
    let info = cache.info();
    (info.hits, info.misses, info.loads)
}

#[test]
fn a_value_is_loaded_once() {
    let cache: Cache<u32, String> = Cache::default();
    assert_eq!(cache.get(&7), None);
    assert_eq!(cache.get_or_load(7, || "seven".to_owned()), "seven");
    assert_eq!(cache.get_or_load(7, || unreachable!()), "seven");
    assert_eq!(cache.get(&7).as_deref(), Some("seven"));
    assert_eq!(counts(&cache), (2, 2, 1));
    assert_eq!(
        (cache.peek(&7).as_deref(), cache.contains(&7), cache.contains(&8)),
        (Some("seven"), true, false)
    );
    assert_eq!(counts(&cache), (2, 2, 1), "looking is not counted");
}

#[test]
fn keys_are_given_owned_or_borrowed() {
    let texts: Cache<String, u32> = Cache::default();
    let name = "one".to_owned();
    assert_eq!(texts.get_or_load("one", || 1), 1);
    assert_eq!(texts.get_or_load(&name, || 2), 1);
    assert_eq!(texts.get_or_load(name.clone(), || 2), 1);
    texts.insert("two", 2);
    texts.insert(name, 11);
    assert_eq!((texts.get("one"), texts.get("two")), (Some(11), Some(2)));
    assert!(texts.invalidate("one") && !texts.invalidate("one"));

    let bytes: Cache<Vec<u8>, u32> = Cache::default();
    bytes.insert(&[1, 2][..], 12);
    assert_eq!((bytes.get(&[1, 2][..]), bytes.get(&vec![1, 2])), (Some(12), Some(12)));

    let statics: Cache<&'static str, u32> = Cache::default();
    assert_eq!((statics.get_or_load("a", || 1), statics.get("a")), (1, Some(1)));

    let shared: Cache<Arc<str>, u32> = Cache::default();
    let name: Arc<str> = "a".into();
    assert_eq!(
        (shared.get_or_load("a", || 1), shared.get_or_load(&name, || 2), shared.get("a")),
        (1, 1, Some(1))
    );
    assert_eq!(Arc::strong_count(&name), 1);
    shared.insert(name, 2);
    shared.insert("b", 3);
    assert_eq!((shared.get_or_load("a", || 4), shared.refresh("b", || 4), shared.info().len), (2, 4, 2));
    let boxed: Cache<Box<[u8]>, u32> = Cache::default();
    boxed.insert(&[1, 2][..], 1);
    assert_eq!((boxed.get_or_load(&[1, 2][..], || 2), boxed.get(&[1, 2][..])), (1, Some(1)));

    #[derive(Hash)]
    struct Pair<'a>(u32, &'a str);
    impl Equivalent<(u32, String)> for Pair<'_> {
        fn equivalent(&self, key: &(u32, String)) -> bool {
            self.0 == key.0 && self.1 == key.1
        }
    }
    let pairs: Cache<(u32, String), u32> = Cache::default();
    assert_eq!(pairs.get_or_load((7, "EUR".to_owned()), || 1), 1);
    assert_eq!((pairs.get(&Pair(7, "EUR")), pairs.get(&Pair(7, "USD"))), (Some(1), None));
}

#[test]
fn values_need_no_clone_where_nobody_takes_one_out() {
    struct Page(String);
    let pages: Cache<u32, Page> = Cache::default();
    pages.insert(1, Page("text".to_owned()));
    assert_eq!(pages.with(&1, |page| page.0.len()), Some(4));
    assert_eq!(pages.with(&2, |page| page.0.len()), None);
    assert_eq!(counts(&pages), (1, 1, 0));
    assert!(pages.contains(&1) && pages.invalidate(&1));
}

#[test]
fn what_is_read_may_be_taken_out_meanwhile() {
    let alive = Arc::new(());
    let cache: Cache<u32, Arc<()>> = Cache::builder().max(10).build();
    cache.insert(1, Arc::clone(&alive));
    let seen = cache.with(&1, |value| {
        assert!(cache.invalidate(&1));
        assert_eq!(cache.with(&1, |_| ()), None);
        cache.insert(1, Arc::default());
        Arc::strong_count(value)
    });
    assert_eq!(seen, Some(2), "it is still there to be read");
    cache.clear();
    // Garbage waits for readers, of any cache; a later operation lets it go.
    while Arc::strong_count(&alive) > 1 {
        cache.info();
        std::thread::yield_now();
    }
}

#[test]
fn a_panic_while_reading_leaves_the_cache_whole() {
    let cache: Cache<u32, u32> = Cache::default();
    cache.insert(1, 10);
    assert!(catch_unwind(AssertUnwindSafe(|| cache.with(&1, |_| panic!("no")))).is_err());
    assert_eq!(cache.get(&1), Some(10));
}

#[test]
fn only_ok_is_kept() {
    #[derive(Debug, PartialEq)]
    struct Plain(u32);
    let cache: Cache<u32, u32> = Cache::default();
    for attempt in 0..2 {
        assert_eq!(cache.try_get_or_load(1, || Err(Plain(attempt))), Err(Plain(attempt)));
        assert_eq!(cache.try_get_or_load_shared(2, || Err::<u32, _>("no")), Err("no"));
    }
    assert_eq!(cache.info().load_failures, 4);
    assert_eq!(cache.try_get_or_load(1, || Ok::<_, Plain>(10)), Ok(10));
    assert_eq!(cache.try_get_or_load_shared(1, || Err::<u32, _>("no")), Ok(10));
    assert_eq!(cache.info().len, 1);
}

#[test]
fn a_refresh_replaces_and_a_failed_one_does_not() {
    let cache: Cache<u32, u32> = Cache::default();
    cache.insert(1, 10);
    let seen = cache.refresh(1, || cache.get(&1).unwrap() + 1);
    assert_eq!((seen, cache.get(&1)), (11, Some(11)), "the old value is there until then");
    assert_eq!(cache.try_refresh(1, || Err("no")), Err("no"));
    assert_eq!(cache.try_refresh(1, || Ok::<_, ()>(12)), Ok(12));
    assert_eq!((cache.get(&1), cache.info().refreshes), (Some(12), 3));
}

#[test]
fn entries_are_shown_and_removed_by_what_they_are() {
    let cache: Cache<u32, u32> = Cache::default();
    (0..3000).for_each(|n| cache.insert(n, n * 2));
    let mut all = cache.entries();
    all.sort_unstable();
    assert!(all.into_iter().eq((0..3000).map(|n| (n, n * 2))));
    let mut shown = 0;
    cache.for_each(|key, value| {
        shown += 1;
        assert_eq!(*value, key * 2);
        assert!(cache.invalidate(key), "nothing is locked meanwhile");
    });
    assert_eq!((shown, cache.info().len), (3000, 0));
    (0..10).for_each(|n| cache.insert(n, n));
    assert_eq!(cache.invalidate_if(|_, value| *value < 4), 4);
    assert_eq!((cache.clear(), cache.clear()), (6, 0));
    cache.reset_info();
    assert_eq!(cache.cache_info().invalidations, 0);
}

#[test]
fn bounds_hold() {
    let lru: Cache<u32, u32> = Cache::builder().max(2).policy(PolicyKind::Lru).build();
    lru.insert(1, 1);
    lru.insert(2, 2);
    lru.get(&1);
    lru.insert(3, 3);
    assert!(lru.contains(&1) && !lru.contains(&2) && lru.contains(&3));
    lru.with(&1, |_| ());
    lru.get_or_load(4, || 4);
    assert!(lru.contains(&1) && !lru.contains(&3));

    let own: Cache<u32, u32> = Cache::builder().max(10).policy_of::<Fifo>().build();
    (0..100).for_each(|n| own.insert(n, n));
    assert_eq!((own.info().len, own.info().policy.to_string()), (10, "Fifo".to_owned()));

    let none: Cache<u32, u32> = Cache::builder().max(0).build();
    assert_eq!((none.get_or_load(1, || 1), none.get(&1)), (1, None));
}

#[test]
fn weights_bound_and_a_weigher_may_know_things() {
    let weight = Arc::new(AtomicU64::new(4));
    let known = Arc::clone(&weight);
    let cache: Cache<u32, u32> = Cache::builder()
        .max(100)
        .max_weight(10)
        .weigher(move |key, _| u64::from(*key) * known.load(Ordering::Relaxed))
        .build();
    cache.get_or_load(1, || 1);
    cache.get_or_load(2, || 2);
    assert_eq!((cache.info().len, cache.info().weight), (1, 8), "4 and 8 do not fit");
    assert_eq!(cache.get_or_load(3, || 3), 3);
    assert!(cache.contains(&2) && !cache.contains(&3), "12 is more than all may weigh");
    weight.store(0, Ordering::Relaxed);
    cache.insert(2, 2);
    assert_eq!(cache.info().weight, 1);
}

#[test]
fn what_is_not_to_be_kept_is_returned() {
    let most = 10;
    let cache: Cache<u32, u32> = Cache::builder().store_if(move |value| *value <= most).build();
    assert_eq!((cache.get_or_load(1, || 10), cache.get_or_load(2, || 11)), (10, 11));
    cache.insert(1, 12);
    assert_eq!((cache.contains(&1), cache.contains(&2)), (false, false));
}

#[test]
fn what_contradicts_itself_is_refused() {
    type Maker = fn() -> Cache<u32, u32>;
    let cases: [(Maker, &str); 6] = [
        (|| Cache::builder().max_weight(1).build(), "add `weigher`"),
        (|| Cache::builder().max(1).weigher(|_, _| 1).build(), "add `max_weight`"),
        (|| Cache::builder().policy(PolicyKind::Lru).build(), "add `max`"),
        (|| Cache::builder().max(1).policy(PolicyKind::Unbounded).build(), "leave it out"),
        (|| Cache::builder().jitter(0.5).build(), "add `ttl`"),
        (|| Cache::builder().ttl(1).jitter(1.5).build(), "from 0 to 1"),
    ];
    for (make, reason) in cases {
        let panic = catch_unwind(make).unwrap_err();
        assert!(message(&*panic).contains(reason), "{reason}: {}", message(&*panic));
    }
}

#[test]
fn what_is_made_in_a_scope_goes_by_its_clock() {
    let scope = testing::isolate();
    let cache: Cache<u64, u64> = Cache::builder().ttl(60).idle(Duration::from_secs(40)).build();
    let own: Cache<u64, u64> = Cache::builder().ttl_of(|_, seconds| Duration::from_secs(*seconds)).build();
    cache.insert(1, 1);
    own.insert(1, 10);
    own.insert(2, 90);
    scope.advance(Duration::from_secs(30));
    assert_eq!((cache.get(&1), own.get(&1), own.get(&2)), (Some(1), None, Some(90)));
    assert_eq!(own.entries(), [(2, 90)]);
    scope.advance(Duration::from_secs(30));
    assert_eq!(cache.get(&1), None, "60 s after it was stored");
    assert_eq!(cache.get_or_load(1, || 2), 2);
    assert_eq!(cache.with(&1, |value| *value), Some(2));
    scope.advance(Duration::from_secs(40));
    assert_eq!(cache.with(&1, |value| *value), None, "40 s after its last use");
}

#[test]
fn the_systems_clock_is_read_where_there_is_no_scope() {
    let cache: Cache<u32, u32> = Cache::builder().ttl(Duration::from_secs(3600)).build();
    cache.insert(1, 1);
    assert_eq!((cache.get(&1), cache.with(&1, |_| 2), cache.get_or_load(1, || 3)), (Some(1), Some(2), 1));
    assert_eq!(counts(&cache), (3, 0, 0));
    let gone: Cache<u32, u32> = Cache::builder().ttl(Duration::from_nanos(1)).build();
    gone.insert(1, 1);
    assert_eq!((gone.get(&1), gone.get_or_load(1, || 3)), (None, 3));
}

#[test]
fn a_scope_leaves_a_cache_alone_that_was_made_before() {
    let cache: Cache<u32, u32> = Cache::builder().name("made before").build();
    cache.insert(1, 10);
    let _scope = testing::isolate();
    assert_eq!((cache.get(&1), cache.get_or_load(2, || 20)), (Some(10), 20));
    assert!(registry::find("made before").is_none(), "in here there are the scope's own");
    let own: Cache<u32, u32> = Cache::builder().name("made within").build();
    own.insert(1, 1);
    assert_eq!(registry::find("made within").unwrap().cache_info().len, 1);
    drop(own);
    assert!(registry::find("made within").is_none());
}

#[test]
fn the_registry_lists_a_cache_as_long_as_there_is_a_handle() {
    let cache: Cache<u32, u32> = Cache::builder().name("direct::listed").max(5).build();
    let other = cache.clone();
    cache.insert(1, 10);
    assert_eq!(other.get(&1), Some(10), "a clone is the same cache");
    let entry = registry::find("listed").unwrap();
    assert_eq!((entry.name(), entry.clear(), cache.info().len), ("direct::listed", 1, 0));
    drop((entry, cache));
    assert!(registry::find("direct::listed").is_some());
    drop(other);
    assert!(registry::find("direct::listed").is_none());
    let name = String::from("made at run time");
    let named: Cache<u32, u32> = Cache::builder().name(name).build();
    assert_eq!((named.name(), named.info().name.as_str()), ("made at run time", "made at run time"));
    let plain: Cache<u32, Vec<String>> = Cache::default();
    assert_eq!(plain.name(), "Cache<u32, Vec<String>>");
    assert!(format!("{plain:?}").contains("len: 0"), "{plain:?}");
}

#[test]
fn values_go_with_the_last_handle() {
    let alive = Arc::new(());
    let cache: Cache<u32, Arc<()>> = Cache::default();
    (0..100).for_each(|n| cache.insert(n, Arc::clone(&alive)));
    let other = cache.clone();
    drop(cache);
    assert_eq!(Arc::strong_count(&alive), 101);
    drop(other);
    assert_eq!(Arc::strong_count(&alive), 1);
}

#[test]
fn sixteen_threads_share_one_load() {
    let cache: Cache<u32, u32> = Cache::default();
    let (loads, start) = (AtomicU32::new(0), Barrier::new(16));
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                start.wait();
                let value = cache.get_or_load(1, || {
                    std::thread::yield_now();
                    loads.fetch_add(1, Ordering::Relaxed) + 7
                });
                assert_eq!(value, 7);
            });
        }
    });
    let info = cache.info();
    assert_eq!((info.misses, info.loads, info.hits + info.coalesced), (1, 1, 15));
}

#[test]
fn an_invalidation_or_an_insertion_wins_over_a_load_that_runs() {
    let cache: Cache<u32, u32> = Cache::default();
    let value = cache.get_or_load(1, || {
        cache.invalidate(&1);
        10
    });
    assert_eq!((value, cache.get(&1)), (10, None));
    let value = cache.get_or_load(2, || {
        cache.insert(2, 21);
        20
    });
    assert_eq!((value, cache.get(&2)), (20, Some(21)));
}

#[test]
fn those_who_wait_outlive_a_load_that_panics() {
    let cache: Cache<u32, u32> = Cache::default();
    let (running, is_running) = channel();
    std::thread::scope(|scope| {
        let leader = scope.spawn(|| {
            catch_unwind(AssertUnwindSafe(|| {
                cache.get_or_load(1, || {
                    running.send(()).unwrap();
                    while !cache.contains(&2) {
                        std::thread::yield_now();
                    }
                    panic!("no")
                })
            }))
        });
        is_running.recv().unwrap();
        let waiter = scope.spawn(|| {
            cache.insert(2, 2);
            cache.get_or_load(1, || 10)
        });
        assert_eq!(waiter.join().unwrap(), 10);
        assert!(leader.join().unwrap().is_err());
    });
    assert_eq!((cache.get(&1), cache.info().load_failures), (Some(10), 1));
}

#[test]
fn a_load_may_load_other_keys() {
    fn fibonacci(cache: &Cache<u64, u64>, n: u64) -> u64 {
        cache.get_or_load(n, || if n < 2 { n } else { fibonacci(cache, n - 1) + fibonacci(cache, n - 2) })
    }
    let cache = Cache::default();
    assert_eq!(fibonacci(&cache, 90), 2_880_067_194_370_816_120);
    assert_eq!(cache.info().loads, 91);
}

#[test]
fn a_circle_is_named() {
    #[memoize]
    fn around(n: u32) -> u32 {
        OTHER.get_or_load(n, || around(n))
    }
    static OTHER: std::sync::LazyLock<Cache<u32, u32>> =
        std::sync::LazyLock::new(|| Cache::builder().name("other").show_keys().build());

    let plain: Cache<u32, u32> = Cache::builder().name("prices").build();
    let panic = catch_unwind(AssertUnwindSafe(|| plain.get_or_load(7, || plain.get_or_load(7, || 1))));
    let panic = panic.unwrap_err();
    assert!(message(&*panic).contains("prices(..) -> prices(..)"), "{}", message(&*panic));
    let panic = catch_unwind(|| OTHER.get_or_load(7, || around(7))).unwrap_err();
    assert!(message(&*panic).contains("other(7) -> around(7) -> other(7)"), "{}", message(&*panic));
    assert_eq!(OTHER.get_or_load(7, || 1), 1, "the key works afterwards");
}

fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn tasks_share_a_load_and_what_it_brings() {
    let cache: Cache<String, u32> = Cache::default();
    let go = tokio::sync::Semaphore::new(0);
    let key = "one".to_owned();
    let load = || async {
        go.acquire().await.unwrap().forget();
        1
    };
    let mut first = pin!(cache.get_or_load_async(&key, load));
    let mut second = pin!(cache.get_or_load_async("one", || async { unreachable!("it waits") }));
    assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    go.add_permits(1);
    assert_eq!(poll(first), Poll::Ready(1));
    assert_eq!(poll(second), Poll::Ready(1));
    let info = cache.info();
    assert_eq!((info.misses, info.coalesced, info.loads), (1, 1, 1));
    assert_eq!(
        poll(pin!(cache.get_or_load_async("one", || async { unreachable!("a hit") }))),
        Poll::Ready(1)
    );
}

#[test]
fn an_error_answers_those_who_waited_if_it_can_be_shared() {
    let cache: Cache<u32, u32> = Cache::default();
    let go = tokio::sync::Semaphore::new(0);
    let fail = |error: &'static str| {
        let go = &go;
        move || async move {
            go.acquire().await.unwrap().forget();
            Err::<u32, _>(error)
        }
    };
    let mut first = pin!(cache.try_get_or_load_shared_async(1, fail("first")));
    let mut second = pin!(cache.try_get_or_load_shared_async(1, fail("second")));
    assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    go.add_permits(1);
    assert_eq!(poll(first), Poll::Ready(Err("first")));
    assert_eq!(poll(second), Poll::Ready(Err("first")));
    assert_eq!((cache.info().load_failures, cache.info().len), (1, 0));

    let mut first = pin!(cache.try_get_or_load_async(1, fail("first")));
    let mut second = pin!(cache.try_get_or_load_async(1, fail("second")));
    assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    go.add_permits(2);
    assert_eq!(poll(first), Poll::Ready(Err("first")));
    assert_eq!(poll(second), Poll::Ready(Err("second")), "nobody can say whether it may be told the first");
}

#[test]
fn who_is_dropped_hands_the_load_on() {
    let cache: Cache<u32, u32> = Cache::default();
    let mut second = pin!(cache.get_or_load_async(1, || async { 2 }));
    {
        let mut first = pin!(cache.get_or_load_async(1, std::future::pending));
        assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    }
    assert_eq!(poll(second), Poll::Ready(2));
    assert_eq!(cache.get(&1), Some(2));
}

#[test]
fn asynchronous_loads_borrow_and_refresh_and_need_not_be_sent() {
    let cache: Cache<String, usize> = Cache::default();
    let text = Rc::new("some text".to_owned());
    pollster::block_on(async {
        let len = cache.get_or_load_async(text.as_str(), || async { text.len() }).await;
        assert_eq!(len, 9);
        assert_eq!(cache.refresh_async(text.as_str(), || async { Rc::strong_count(&text) }).await, 1);
        assert_eq!(cache.try_refresh_async(text.as_str(), || async { Err("no") }).await, Err("no"));
        assert_eq!(cache.try_refresh_async("x", || async { Ok::<_, ()>(3) }).await, Ok(3));
    });
    assert_eq!((cache.get("some text"), cache.get("x")), (Some(1), Some(3)));
}

#[test]
fn a_cache_goes_anywhere() {
    fn shared<T: Send + Sync + Clone + std::fmt::Debug + 'static>(_: &T) {}
    let cache: Cache<String, u32> = Cache::default();
    shared(&cache);
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..32)
            .map(|n: u32| {
                let cache = cache.clone();
                tokio::spawn(async move {
                    let load = || async {
                        tokio::task::yield_now().await;
                        Ok::<_, String>(n)
                    };
                    cache.try_get_or_load_async("one", load).await
                })
            })
            .collect();
        for task in tasks {
            assert!(task.await.unwrap().is_ok_and(|n| n < 32));
        }
    });
    // One load, unless the machine held its caller up for so long that it was taken for forgotten.
    let info = cache.info();
    assert_eq!((info.hits + info.misses + info.coalesced, info.loads), (32, info.misses));
}

#[test]
fn eight_writers_leave_no_more_than_fits() {
    let kinds = [PolicyKind::Adaptive, PolicyKind::Lru, PolicyKind::S3Fifo, PolicyKind::TinyLfu];
    for kind in kinds {
        let alive = Arc::new(());
        let cache: Cache<u64, (u64, Arc<()>)> =
            Cache::builder().max(50).max_weight(400).weigher(|_, (weight, _)| *weight).policy(kind).build();
        let start = Barrier::new(8);
        std::thread::scope(|scope| {
            for thread in 0..8_u64 {
                let (cache, start, alive) = (&cache, &start, &alive);
                scope.spawn(move || {
                    start.wait();
                    for step in 0..1000_u64 {
                        let key = (step * 11 + thread * 17) % 200;
                        let value = (key % 23, Arc::clone(alive));
                        match step % 8 {
                            5 => cache.insert(key, (step % 500, Arc::clone(alive))),
                            6 => drop(cache.invalidate(&key)),
                            7 => drop(cache.refresh(key, || value)),
                            4 => drop(cache.get(&key)),
                            _ => assert!(cache.get_or_load(key, || value).0 < 500),
                        }
                    }
                });
            }
        });
        let info = cache.info();
        let weights: Vec<u64> = cache.entries().iter().map(|(_, (weight, _))| (*weight).max(1)).collect();
        assert_eq!((info.len, info.weight), (weights.len(), weights.iter().sum()), "{kind}");
        assert!(info.len <= 50 && info.weight <= 400 && info.len > 10, "{info}");
        drop(cache);
        assert_eq!(Arc::strong_count(&alive), 1, "{kind}: drops equal creates");
    }
}
