//! Who reloads what has grown old, by the shape of the function; caches that are no function's; and how much a call does for others.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use cached_core::{Cache, CacheInfo, memoize, testing};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Desk(u64);

static OF_DESKS: AtomicU64 = AtomicU64::new(0);

impl Desk {
    #[memoize(ttl = 60s, refresh_after = 30s)]
    fn price(&self, item: &str) -> (String, bool) {
        OF_DESKS.fetch_add(1, Ordering::SeqCst);
        (format!("{item} at {}", self.0), std::thread::current().name() == Some("memoize reload"))
    }

    #[memoize(ttl = 60s, stale_if_error = 60s, soft_timeout = 1s)]
    fn stock(self, item: u64) -> Result<u64, String> {
        Ok(self.0 + item)
    }
}

trait Shop {
    fn sum(&self, item: u64) -> (u64, bool);
}

#[memoize]
impl Shop for Desk {
    #[memoize(ttl = 60s, refresh_after = 30s)]
    fn sum(&self, item: u64) -> (u64, bool) {
        (self.0 + item, std::thread::current().name() == Some("memoize reload"))
    }
}

#[memoize(ttl = 60s, refresh_after = 30s)]
fn named<T, const N: usize>(value: &T, more: [u8; N]) -> (String, bool)
where
    T: std::fmt::Debug + std::hash::Hash + Eq + Clone + Send + Sync + 'static,
{
    (format!("{value:?} {more:?}"), std::thread::current().name() == Some("memoize reload"))
}

#[test]
fn methods_and_generic_functions_are_reloaded_by_other_threads() {
    let scope = testing::isolate();
    let desk = Desk(7);
    let calls: [&dyn Fn() -> bool; 4] =
        [&|| desk.price("tea").1, &|| desk.sum(1).1, &|| named(&"a".to_owned(), [1, 2]).1, &|| {
            named(&7_u64, []).1
        }];
    assert!(calls.iter().all(|call| !call()));
    scope.advance(30 * SECOND);
    assert!(calls.iter().all(|call| !call()), "the old value, at once");
    scope.settle();
    assert!(calls.iter().all(|call| call()), "the new one is of another thread");
    assert_eq!(OF_DESKS.load(Ordering::SeqCst), 2);
    assert_eq!(desk.clone().stock(1), Ok(8));
    scope.advance(60 * SECOND);
    assert_eq!(desk.stock(1), Ok(8));
}

/// A cache that is no function's, and a source that counts and may be down.
struct World {
    scope: testing::Isolated,
    cache: Cache<u64, u64>,
    runs: AtomicU64,
    down: AtomicBool,
}

impl World {
    fn of(cache: impl FnOnce() -> Cache<u64, u64>) -> Self {
        let scope = testing::isolate();
        Self { scope, cache: cache(), runs: AtomicU64::new(0), down: AtomicBool::new(false) }
    }

    fn read(&self) -> Result<u64, String> {
        let run = self.runs.fetch_add(1, Ordering::SeqCst) + 1;
        if self.down.load(Ordering::SeqCst) { Err(format!("down at {run}")) } else { Ok(run) }
    }

    fn call(&self, by_task: bool) -> Result<u64, String> {
        if by_task {
            pollster::block_on(self.cache.try_get_or_load_async(1, || async { self.read() }))
        } else {
            self.cache.try_get_or_load(1, || self.read())
        }
    }
}

#[test]
fn a_cache_that_is_no_functions_is_reloaded_by_the_caller_that_finds_it_old() {
    for by_task in [false, true] {
        let world = World::of(|| Cache::builder().ttl(60).refresh_after(30).retry_after(5).build());
        assert_eq!(world.call(by_task), Ok(1));
        world.scope.advance(30 * SECOND);
        assert_eq!(world.cache.get(&1), Some(1), "`get` loads nothing");
        assert_eq!((world.call(by_task), world.cache.get(&1)), (Ok(2), Some(2)));
        world.down.store(true, Ordering::SeqCst);
        world.scope.advance(30 * SECOND);
        for second in 0..30 {
            assert_eq!(world.call(by_task), Ok(2), "a reload that fails is nobody's error");
            assert_eq!(world.runs.load(Ordering::SeqCst), 3 + second / 5);
            world.scope.advance(SECOND);
        }
        assert!(world.call(by_task).is_err());
    }
}

#[test]
fn a_cache_that_is_no_functions_falls_back_on_what_has_expired() {
    for by_task in [false, true] {
        let world = World::of(|| Cache::builder().ttl(60).stale_if_error(60).build());
        assert_eq!(world.call(by_task), Ok(1));
        world.down.store(true, Ordering::SeqCst);
        world.scope.advance(60 * SECOND);
        for tries in 1..=60 {
            assert_eq!((world.call(by_task), world.call(by_task)), (Ok(1), Ok(1)));
            assert_eq!(world.runs.load(Ordering::SeqCst), 1 + tries, "one try a second");
            world.scope.advance(SECOND);
        }
        assert!(world.call(by_task).is_err());
    }
}

#[test]
fn a_builder_refuses_what_contradicts_itself() {
    let builder = Cache::<u64, u64>::builder;
    let refused: [(Box<dyn FnOnce() + std::panic::UnwindSafe>, &str); 4] = [
        (Box::new(move || drop(builder().stale_if_error(60).build())), "nothing ever does"),
        (Box::new(move || drop(builder().ttl(60).refresh_after(60).build())), "before `ttl`"),
        (
            Box::new(move || drop(builder().ttl(60).retry_after(1).build())),
            "`stale_if_error` or `refresh_after`",
        ),
        (Box::new(move || drop(builder().jitter(0.5).build())), "add `ttl`"),
    ];
    for (build, reason) in refused {
        let panic = std::panic::catch_unwind(build).unwrap_err();
        let text = panic.downcast_ref::<&str>().unwrap_or_else(|| panic!("a message"));
        assert!(text.contains(reason), "{text}");
    }
}

/// Counts how many of it there are.
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

fn live() -> i64 {
    LIVE.load(Ordering::SeqCst)
}

#[memoize(ttl = 50ms)]
fn brief(n: u64) -> Counted {
    let _ = n;
    Counted::new()
}

#[memoize(ttl = 50ms, jitter = 0.5)]
fn brief_and_spread(n: u64) -> Counted {
    let _ = n;
    Counted::new()
}

#[memoize(idle = 50ms, ttl = 1h)]
fn brief_if_idle(n: u64) -> Counted {
    let _ = n;
    Counted::new()
}

#[memoize(ttl = 50ms, max = 200_000, policy = lru)]
fn brief_and_bounded(n: u64) -> Counted {
    let _ = n;
    Counted::new()
}

#[test]
fn a_year_later_each_call_clears_a_few_away_until_all_are_gone() {
    const ENTRIES: u64 = 200_000;
    let kinds: [(fn(u64) -> Counted, fn() -> CacheInfo); 4] = [
        (brief, brief::cache_info),
        (brief_and_spread, brief_and_spread::cache_info),
        (brief_if_idle, brief_if_idle::cache_info),
        (brief_and_bounded, brief_and_bounded::cache_info),
    ];
    for (call, info) in kinds {
        let scope = testing::isolate();
        (0..ENTRIES).for_each(|n| drop(call(n)));
        assert_eq!((info().len as u64, live() as u64), (ENTRIES, ENTRIES));
        scope.advance(Duration::from_secs(365 * 24 * 3600));
        for n in 0..100 {
            drop(call(ENTRIES + n));
            let left = live() as u64;
            assert!(left + (n + 1) * 1024 >= ENTRIES, "{left} left after {n} calls");
        }
        for n in 100..2000 {
            let before = info().expirations;
            drop(call(ENTRIES + n));
            // By this call, and by asking, which clears more away.
            let cleared = info().expirations - before;
            assert!(cleared <= 1024 + 64 * 256, "{cleared} at once");
        }
        let left = info().len;
        assert_eq!(left, 2000, "no thread, no timer, and no `max`: the calls have done it");
        // Other tests' readers, who are brief, may hold up what was removed.
        while live() > 2000 + 1024 {
            info();
            std::thread::yield_now();
        }
        drop(scope);
        assert_eq!(live(), 0);
    }
}
