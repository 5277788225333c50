//! `refresh_after`, `stale_if_error`, `retry_after`: values that are served beyond their time, and the one who reloads them.
//! Each case is run for a function and for an asynchronous one.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use cached_core::{CacheInfo, memoize, testing};

const SECOND: Duration = Duration::from_secs(1);

/// What a function reads from: it counts, and may be down.
struct Source {
    runs: AtomicU64,
    down: AtomicBool,
}

impl Source {
    const fn new() -> Self {
        Self { runs: AtomicU64::new(0), down: AtomicBool::new(false) }
    }

    /// The number of this run.
    fn read(&self) -> Result<u64, String> {
        let run = self.runs.fetch_add(1, Ordering::SeqCst) + 1;
        if self.down.load(Ordering::SeqCst) { Err(format!("down at {run}")) } else { Ok(run) }
    }
}

/// A function in a scope of its own, whatever its form.
struct World<'a> {
    scope: testing::Isolated,
    source: &'a Source,
    call: fn(u64) -> Result<u64, String>,
    info: fn() -> CacheInfo,
    forget: fn(u64) -> bool,
    /// Whether another thread reloads, so that the caller gets what was there.
    ahead: bool,
}

impl World<'_> {
    /// A call, and then whatever it began in the background.
    fn call(&self, n: u64) -> Result<u64, String> {
        let answer = (self.call)(n);
        self.scope.settle();
        answer
    }

    fn runs(&self) -> u64 {
        self.source.runs.load(Ordering::SeqCst)
    }

    fn down(&self, down: bool) {
        self.source.down.store(down, Ordering::SeqCst);
    }

    fn after(&self, seconds: u64) -> &Self {
        self.scope.advance(Duration::from_secs(seconds));
        self
    }

    /// A call that starts a reload: the old value where another thread reloads, the new one where the caller does.
    fn reloads(&self, n: u64, old: u64, new: u64) {
        assert_eq!(self.call(n), Ok(if self.ahead { old } else { new }));
        assert_eq!(self.runs(), new);
        assert_eq!(self.call(n), Ok(new));
    }
}

macro_rules! case {
    ($name:ident, [$($options:tt)*], $test:expr) => {
        mod $name {
            use super::*;

            static SYNC: Source = Source::new();
            static TASKS: Source = Source::new();

            #[memoize($($options)*)]
            fn plain(n: u64) -> Result<u64, String> {
                let _ = n;
                SYNC.read()
            }

            #[memoize($($options)*)]
            async fn task(n: u64) -> Result<u64, String> {
                let _ = n;
                TASKS.read()
            }

            #[test]
            fn by_threads() {
                let world = World {
                    scope: testing::isolate(),
                    source: &SYNC,
                    call: plain,
                    info: plain::cache_info,
                    forget: plain::invalidate,
                    ahead: true,
                };
                let test: fn(World<'_>) = $test;
                test(world);
            }

            #[test]
            fn by_tasks() {
                let world = World {
                    scope: testing::isolate(),
                    source: &TASKS,
                    call: |n| pollster::block_on(task(n)),
                    info: task::cache_info,
                    forget: task::invalidate,
                    ahead: false,
                };
                let test: fn(World<'_>) = $test;
                test(world);
            }
        }
    };
}

case!(an_older_hit_is_answered_and_reloaded, [ttl = 60s, refresh_after = 30s], |world| {
    assert_eq!(world.call(1), Ok(1));
    world.after(29);
    assert_eq!(world.call(1), Ok(1));
    assert_eq!(world.runs(), 1, "not yet");
    world.after(1).reloads(1, 1, 2);
    let info = (world.info)();
    assert_eq!((info.misses, info.refreshes, info.loads, info.len), (1, 1, 2, 1));
    assert_eq!(info.stale_hits, 1);
    world.after(29);
    assert_eq!(world.call(1), Ok(2));
    assert_eq!(world.runs(), 2, "its age counts from the reload");
});

case!(hard_expiry_wins, [ttl = 60s, refresh_after = 30s], |world| {
    assert_eq!(world.call(1), Ok(1));
    world.after(60);
    assert_eq!(world.call(1), Ok(2));
    world.down(true);
    world.after(59);
    assert_eq!(world.call(1), Ok(2), "a reload that fails is nobody's error before expiry");
    world.after(1);
    assert_eq!(world.call(1), Err("down at 4".to_owned()), "and all the same it does not push it away");
});

case!(a_failed_reload_brakes, [ttl = 60s, refresh_after = 30s, retry_after = 5s], |world| {
    assert_eq!(world.call(1), Ok(1));
    world.down(true);
    world.after(30);
    for second in 0..30 {
        assert_eq!(world.call(1), Ok(1));
        assert_eq!(world.call(1), Ok(1));
        assert_eq!(world.runs(), 2 + second / 5, "at {second}");
        world.after(1);
    }
    assert!(world.call(1).is_err());
});

case!(no_ttl_is_needed_to_be_reloaded, [refresh_after = 30s], |world| {
    assert_eq!(world.call(1), Ok(1));
    world.after(1_000_000).reloads(1, 1, 2);
});

case!(ten_minutes_without_a_source, [ttl = 60s, stale_if_error = 15m], |world| {
    let keys = [1, 2, 3];
    keys.iter().for_each(|n| assert!(world.call(*n).is_ok()));
    world.down(true);
    world.after(60);
    let before = world.runs();
    for _ in 0..600 * 4 {
        for n in keys {
            assert!(world.call(n).is_ok(), "an old value is better than an error");
        }
        world.scope.advance(SECOND / 4);
    }
    assert_eq!(world.runs() - before, 600 * 3, "one try a second for each key");
    let info = (world.info)();
    assert_eq!(info.load_failures, 1800);
    assert_eq!(info.stale_hits, 600 * 4 * 3);
    world.down(false);
    let run = world.runs();
    assert_eq!(world.call(1), Ok(run + 1), "it is back");
    assert_eq!(world.call(1), Ok(run + 1));
});

case!(an_old_value_is_not_served_for_ever, [ttl = 60s, stale_if_error = 60s, retry_after = 7s], |world| {
    assert_eq!(world.call(1), Ok(1));
    world.down(true);
    world.after(119);
    assert_eq!(world.call(1), Ok(1));
    world.after(1);
    assert!(world.call(1).is_err());
    world.after(1);
    assert!(world.call(1).is_err(), "with nothing to serve there is nothing to wait for");
    assert_eq!(world.runs(), 4);
    assert_eq!((world.info)().len, 0);
});

case!(a_source_that_is_well_is_asked_at_expiry, [ttl = 60s, stale_if_error = 1h], |world| {
    assert_eq!(world.call(1), Ok(1));
    world.after(60);
    assert_eq!(world.call(1), Ok(2), "no old value where there is a new one");
    assert_eq!((world.info)().stale_hits, 0);
    world.after(60);
    assert!(!(world.forget)(1), "what has expired is not there to be invalidated");
    world.down(true);
    assert!(world.call(1).is_err(), "nor to be served after that");
});

case!(
    refresh_and_stale,
    [ttl = 60s, refresh_after = 30s, stale_if_error = 60s, retry_after = 10s],
    |world| {
        assert_eq!(world.call(1), Ok(1));
        world.down(true);
        for second in 30..120 {
            world.scope.advance(if second == 30 { 30 * SECOND } else { SECOND });
            assert_eq!(world.call(1), Ok(1), "at {second}");
            assert_eq!(world.runs(), 2 + (second - 30) / 10, "at {second}");
        }
        world.after(1);
        assert!(world.call(1).is_err());
    }
);

case!(idle_and_refresh, [idle = 60s, refresh_after = 30s], |world| {
    assert_eq!(world.call(1), Ok(1));
    world.after(29);
    assert_eq!(world.call(1), Ok(1));
    world.after(59).reloads(1, 1, 2);
    world.after(60);
    assert_eq!(world.call(1), Ok(3), "nobody used it");
});

case!(idle_and_stale, [idle = 60s, stale_if_error = 60s], |world| {
    assert_eq!(world.call(1), Ok(1));
    world.after(59);
    assert_eq!(world.call(1), Ok(1));
    world.down(true);
    world.after(119);
    assert_eq!(world.call(1), Ok(1));
    assert_eq!((world.info)().stale_hits, 1);
    world.after(1);
    assert!(world.call(1).is_err(), "being served late is no use that prolongs life");
});

case!(ttl_idle_and_refresh, [ttl = 100s, idle = 60s, refresh_after = 50s], |world| {
    assert_eq!(world.call(1), Ok(1));
    world.down(true);
    for _ in 0..9 {
        assert_eq!(world.after(11).call(1), Ok(1));
    }
    assert!(world.after(1).call(1).is_err());
});

case!(jitter_and_refresh, [ttl = 100s, jitter = 0.5, refresh_after = 90s], |world| {
    (0..50).for_each(|n| assert!(world.call(n).is_ok()));
    // Shortened alike: whatever its life, each entry is reloaded before it ends.
    for _ in 0..1000 {
        world.after(1);
        (0..50).for_each(|n| assert!(world.call(n).is_ok()));
    }
    let info = (world.info)();
    assert_eq!(info.misses, 50, "nobody ever had to wait for a load");
    assert!(info.refreshes >= 50 * 10);
});

case!(jitter_and_stale, [ttl = 60s, jitter = 1.0, stale_if_error = 1h], |world| {
    assert_eq!(world.call(1), Ok(1));
    world.down(true);
    world.after(60);
    assert_eq!(world.call(1), Ok(1));
    world.after(3539);
    assert_eq!((world.info)().load_failures, 1);
});

case!(a_life_of_its_own_and_stale, [ttl = |n, _| Duration::from_secs(*n), stale_if_error = 10s], |world| {
    assert_eq!((world.call(0), world.call(0)), (Ok(1), Ok(2)));
    assert_eq!(world.call(5), Ok(3));
    world.down(true);
    assert!(world.call(0).is_err(), "what is not kept cannot be old");
    assert_eq!(world.after(14).call(5), Ok(3));
    assert!(world.after(1).call(5).is_err());
});

case!(a_life_of_its_own_and_refresh, [ttl = |n, _| Duration::from_secs(*n), refresh_after = 10s], |world| {
    assert_eq!((world.call(5), world.call(20)), (Ok(1), Ok(2)));
    world.after(10);
    assert_eq!(world.call(5), Ok(3), "it had ended");
    world.reloads(20, 2, 4);
});

case!(max_and_refresh, [max = 2, policy = lru, ttl = 60s, refresh_after = 30s], |world| {
    (1..=2).for_each(|n| assert_eq!(world.call(n), Ok(n)));
    world.after(30).reloads(1, 1, 3);
    assert_eq!(world.call(9), Ok(4), "2 leaves");
    assert_eq!((world.info)().evictions, 1);
    assert_eq!(world.call(1), Ok(3));
});

case!(max_and_stale, [max = 1, policy = lru, ttl = 60s, stale_if_error = 60s], |world| {
    assert_eq!(world.call(1), Ok(1));
    world.after(60);
    assert_eq!(world.call(2), Ok(2), "what waits for an error takes no room");
    world.down(true);
    assert!(world.call(1).is_err());
});

case!(
    nothing_is_kept_and_nothing_grows_old,
    [max = 0, ttl = 60s, refresh_after = 1s, stale_if_error = 1h],
    |world| {
        assert_eq!((world.call(1), world.call(1)), (Ok(1), Ok(2)));
        world.down(true);
        assert!(world.call(1).is_err());
    }
);

case!(
    the_longest_times_are_sound,
    [ttl = Duration::MAX, refresh_after = u64::MAX, stale_if_error = Duration::MAX],
    |world| {
        assert_eq!(world.call(1), Ok(1));
        world.scope.advance(Duration::MAX);
        assert_eq!(world.call(1), Ok(1));
    }
);

case!(
    old_for_as_long_as_there_is_time,
    [ttl = 1ns, stale_if_error = Duration::MAX, retry_after = Duration::MAX],
    |world| {
        assert_eq!(world.call(1), Ok(1));
        world.down(true);
        for _ in 0..3 {
            world.after(1_000_000_000);
            assert_eq!(world.call(1), Ok(1));
            assert_eq!(world.runs(), 2, "one try, and then never again");
        }
    }
);

case!(
    shortest_times_are_sound,
    [ttl = 60s, refresh_after = 0s, retry_after = 0s, stale_if_error = 0s],
    |world| {
        assert_eq!(world.call(1), Ok(1));
        assert!(world.call(1).is_ok());
        assert_eq!(world.runs(), 2, "it is old at once");
    }
);

#[test]
fn an_invalidation_wins_over_a_reload_that_runs() {
    static GATE: Mutex<()> = Mutex::new(());
    static RUNS: AtomicU64 = AtomicU64::new(0);

    #[memoize(ttl = 60s, refresh_after = 30s)]
    fn slow(n: u64) -> u64 {
        let run = RUNS.fetch_add(1, Ordering::SeqCst);
        drop(GATE.lock().unwrap());
        n + run
    }

    let scope = testing::isolate();
    assert_eq!(slow(10), 10);
    scope.advance(30 * SECOND);
    let held = GATE.lock().unwrap();
    (0..100).for_each(|_| assert_eq!(slow(10), 10, "all are answered while one reload runs"));
    while RUNS.load(Ordering::SeqCst) < 2 {
        std::thread::yield_now();
    }
    assert!(slow::invalidate(10));
    drop(held);
    scope.settle();
    assert!(!slow::contains(10), "what was read before is not stored after");
    assert_eq!((slow(10), RUNS.load(Ordering::SeqCst)), (12, 3));
}

#[test]
fn a_slow_reload_does_not_push_expiry_away_but_is_joined() {
    static GATE: Mutex<()> = Mutex::new(());
    static RUNS: AtomicU64 = AtomicU64::new(0);

    #[memoize(ttl = 60s, refresh_after = 30s)]
    fn slow(n: u64) -> u64 {
        let run = RUNS.fetch_add(1, Ordering::SeqCst);
        drop(GATE.lock().unwrap());
        n + run
    }

    let scope = testing::isolate();
    assert_eq!(slow(10), 10);
    scope.advance(30 * SECOND);
    let held = GATE.lock().unwrap();
    assert_eq!(slow(10), 10);
    while RUNS.load(Ordering::SeqCst) < 2 {
        std::thread::yield_now();
    }
    scope.advance(30 * SECOND);
    assert!(!slow::contains(10));
    let late = std::thread::spawn(scope.wrap(|| slow(10)));
    drop(held);
    assert_eq!(late.join().unwrap(), 11, "the load that runs, or what it has stored");
    scope.settle();
    assert_eq!((slow(10), RUNS.load(Ordering::SeqCst)), (11, 2));
}

#[test]
fn where_arguments_cannot_be_sent_the_caller_reloads() {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    struct Pool(std::cell::Cell<u64>);

    #[memoize(ttl = 60s, refresh_after = 30s, skip(pool))]
    fn user(pool: &Pool, name: &str) -> String {
        pool.0.set(pool.0.get() + 1);
        format!("{name} {}", RUNS.fetch_add(1, Ordering::SeqCst))
    }

    let (scope, pool) = (testing::isolate(), Pool(std::cell::Cell::new(0)));
    assert_eq!(user(&pool, "ann"), "ann 0");
    scope.advance(30 * SECOND);
    assert_eq!(user(&pool, "ann"), "ann 1", "the caller that found it old brings the new one");
    assert_eq!((user(&pool, "ann"), pool.0.get()), ("ann 1".to_owned(), 2));
}

#[test]
fn borrowed_arguments_are_made_owned_for_a_reload() {
    static RUNS: AtomicU64 = AtomicU64::new(0);

    #[memoize(ttl = 60s, refresh_after = 30s)]
    fn joined(name: &str, parts: &[u64], share: f64) -> String {
        format!("{name} {parts:?} {share} {}", RUNS.fetch_add(1, Ordering::SeqCst))
    }

    let scope = testing::isolate();
    let call = || joined(&String::from("ann"), &[1, 2], 0.5);
    assert_eq!(call(), "ann [1, 2] 0.5 0");
    scope.advance(30 * SECOND);
    assert_eq!(call(), "ann [1, 2] 0.5 0");
    scope.settle();
    assert_eq!(call(), "ann [1, 2] 0.5 1");
}

#[test]
fn a_reload_that_panics_leaves_the_value_and_waits() {
    static RUNS: AtomicU64 = AtomicU64::new(0);

    #[memoize(ttl = 60s, refresh_after = 30s)]
    fn fragile(n: u64) -> u64 {
        assert!(RUNS.fetch_add(1, Ordering::SeqCst) != 1, "the second run panics");
        n
    }

    let scope = testing::isolate();
    fragile(1);
    scope.advance(30 * SECOND);
    for runs in [2, 2, 3] {
        assert_eq!(fragile(1), 1);
        scope.settle();
        assert_eq!(RUNS.load(Ordering::SeqCst), runs);
        scope.advance(SECOND / 2);
    }
}

#[test]
fn a_refresh_on_request_tells_its_error() {
    static SOURCE: Source = Source::new();

    #[memoize(ttl = 60s, stale_if_error = 60s)]
    fn read(n: u64) -> Result<u64, String> {
        SOURCE.read().map(|run| run + n)
    }

    let _scope = testing::isolate();
    assert_eq!(read(0), Ok(1));
    SOURCE.down.store(true, Ordering::SeqCst);
    assert!(read::refresh(0).is_err());
    assert_eq!(read(0), Ok(1));
}
