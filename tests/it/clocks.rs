//! Clocks that are set back, stand still and leap: nothing that has ended is served, nothing ends for being looked at, and nobody waits
//! for ever.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use cached_core::{Cache, memoize, testing};

const SECOND: u64 = 1_000_000_000;
const YEAR: u64 = 365 * 24 * 3600 * SECOND;

/// A clock that goes where it is told, and the time as a cache has to see it: it never goes back.
struct Wild {
    said: Arc<AtomicU64>,
    now: u64,
    scope: testing::Isolated,
}

impl Wild {
    fn new() -> Self {
        let (said, scope) = (Arc::new(AtomicU64::new(SECOND)), testing::isolate());
        let source = Arc::clone(&said);
        scope.follow(move || Duration::from_nanos(source.load(Ordering::SeqCst)));
        Self { said, now: SECOND, scope }
    }

    fn set(&mut self, said: u64) {
        self.said.store(said, Ordering::SeqCst);
        self.now = self.now.max(said);
    }
}

/// What a function reads: the time, or nothing.
struct Source {
    now: AtomicU64,
    down: AtomicBool,
}

impl Source {
    const fn new() -> Self {
        Self { now: AtomicU64::new(0), down: AtomicBool::new(false) }
    }

    fn read(&self) -> Result<u64, u64> {
        let now = self.now.load(Ordering::SeqCst);
        if self.down.load(Ordering::SeqCst) { Err(now) } else { Ok(now) }
    }
}

/// How old what callers are told may be: a value, a value since its last use, an error.
struct Bounds {
    value: u64,
    unused: u64,
    error: u64,
}

const KEYS: u64 = 4;

/// Calls at random, with a clock that goes wild: mostly a little forward, now and then back, or far ahead.
fn walk(source: &Source, bounds: &Bounds, call: impl Fn(u64) -> Result<u64, u64>) {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random >> 11) % below
    };
    let mut clock = Wild::new();
    let mut used = [0; KEYS as usize];
    for _ in 0..4000 {
        let now = clock.now;
        match next(40) {
            0 => clock.set(next(now)),
            1 => clock.set(0),
            2 => clock.set(now.saturating_sub(YEAR)),
            3 if now < 400 * YEAR => clock.set(now + YEAR),
            4 => clock.set(now + next(YEAR / 365)),
            5 => clock.set(now),
            6 => clock.set(now + 1),
            _ => clock.set(now + next(15 * SECOND)),
        }
        source.now.store(clock.now, Ordering::SeqCst);
        source.down.store(next(4) == 0, Ordering::SeqCst);
        let key = next(KEYS);
        let used = &mut used[usize::try_from(key).unwrap()];
        match call(key) {
            Ok(at) => {
                assert!(at == clock.now || clock.now - at < bounds.value, "a value of {at} at {}", clock.now);
                assert!(
                    at == clock.now || clock.now - *used < bounds.unused,
                    "unused from {used} to {}",
                    clock.now
                );
                *used = clock.now;
            }
            Err(at) => {
                assert!(
                    at == clock.now || clock.now - at < bounds.error,
                    "an error of {at} at {}",
                    clock.now
                );
            }
        }
        clock.scope.settle();
    }
}

/// Nothing bounds it but the time that is asked for.
const ANY: u64 = u64::MAX;

macro_rules! walks {
    ($($test:ident: [$value:expr, $unused:expr, $error:expr], [$($options:tt)*];)*) => { $(
        mod $test {
            use super::*;

            const BOUNDS: Bounds = Bounds { value: $value, unused: $unused, error: $error };

            #[test]
            fn by_threads() {
                static SOURCE: Source = Source::new();
                #[memoize($($options)*)]
                fn read(key: u64) -> Result<u64, u64> {
                    let _ = key;
                    SOURCE.read()
                }
                walk(&SOURCE, &BOUNDS, read);
            }

            #[test]
            fn by_tasks() {
                static SOURCE: Source = Source::new();
                #[memoize($($options)*)]
                async fn read(key: u64) -> Result<u64, u64> {
                    let _ = key;
                    SOURCE.read()
                }
                let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
                walk(&SOURCE, &BOUNDS, |key| {
                    runtime.block_on(async {
                        let answer = read(key).await;
                        // Reloads are tasks of this thread, and end at once.
                        for _ in 0..8 {
                            tokio::task::yield_now().await;
                        }
                        answer
                    })
                });
            }
        }
    )* };
}

walks! {
    ttl: [60 * SECOND, ANY, 0], [ttl = 60s];
    ttl_bounded: [60 * SECOND, ANY, 0], [ttl = 60s, max = 2, policy = lru];
    ttl_each: [70 * SECOND, ANY, 0], [ttl = |key, _| Duration::from_secs(40 + key * 10)];
    idle: [ANY, 20 * SECOND, 0], [idle = 20s];
    ttl_idle: [60 * SECOND, 20 * SECOND, 0], [ttl = 60s, idle = 20s];
    jitter: [60 * SECOND, ANY, 0], [ttl = 60s, jitter = 1];
    refresh_after: [60 * SECOND, ANY, 0], [ttl = 60s, refresh_after = 30s];
    stale_if_error: [100 * SECOND, ANY, 0], [ttl = 60s, stale_if_error = 40s, retry_after = 5s];
    errors: [60 * SECOND, ANY, 5 * SECOND], [ttl = 60s, errors = 5s];
    soft_timeout: [100 * SECOND, ANY, 0], [ttl = 60s, stale_if_error = 40s, soft_timeout = 1s];
    all: [100 * SECOND, 60 * SECOND, 5 * SECOND],
        [ttl = 60s, idle = 20s, jitter = 0.3, refresh_after = 10s, stale_if_error = 40s, errors = 5s, soft_timeout = 1s];
}

#[test]
fn a_cache_of_its_own_by_a_wild_clock() {
    static SOURCE: Source = Source::new();
    let cache = std::cell::OnceCell::new();
    let bounds = Bounds { value: 100 * SECOND, unused: ANY, error: 5 * SECOND };
    walk(&SOURCE, &bounds, |key| {
        let second = |seconds| Duration::from_secs(seconds);
        let make = || {
            let builder = Cache::builder().ttl(second(60)).jitter(0.5).refresh_after(second(20));
            builder.stale_if_error(second(40)).errors(second(5)).build()
        };
        cache.get_or_init(make).try_get_or_load_shared(key, || SOURCE.read())
    });
}

/// Stalls whoever passes, until it is opened.
struct Door(Mutex<bool>, Condvar);

impl Door {
    fn open(&self) {
        *self.0.lock().unwrap() = true;
        self.1.notify_all();
    }

    fn pass(&self) {
        drop(self.1.wait_while(self.0.lock().unwrap(), |open| !*open).unwrap());
    }
}

#[test]
fn who_waits_for_a_reload_when_the_clock_is_set_back_gets_the_old_value_when_it_has_caught_up() {
    static DOOR: Door = Door(Mutex::new(false), Condvar::new());
    static RUNS: AtomicU64 = AtomicU64::new(0);
    #[memoize(ttl = 60s, stale_if_error = 1h, soft_timeout = 10s)]
    fn read(key: u64) -> Result<u64, String> {
        let run = RUNS.fetch_add(1, Ordering::SeqCst);
        if run > 0 {
            DOOR.pass();
        }
        Ok(run + key)
    }

    let mut clock = Wild::new();
    assert_eq!(read(0), Ok(0));
    clock.set(62 * SECOND);
    let caller = std::thread::spawn(clock.scope.wrap(|| read(0)));
    while RUNS.load(Ordering::SeqCst) < 2 {
        std::thread::yield_now();
    }
    for said in [0, 5, 61, 62, 71, 72] {
        assert!(!caller.is_finished(), "{said}");
        clock.set(said * SECOND);
    }
    assert_eq!(caller.join().unwrap(), Ok(0));
    DOOR.open();
    clock.scope.settle();
    assert_eq!(read(0), Ok(1), "what came late is stored");
    clock.set(500 * YEAR);
    assert_eq!(read(0), Ok(2));
}

#[test]
fn a_leap_of_years_ends_every_wait() {
    static DOOR: Door = Door(Mutex::new(false), Condvar::new());
    static BEGUN: AtomicU64 = AtomicU64::new(0);
    #[memoize(ttl = 60s, stale_if_error = 1000d, soft_timeout = 100d)]
    fn soft(key: u64) -> Result<u64, String> {
        if BEGUN.fetch_add(1, Ordering::SeqCst) > 0 {
            DOOR.pass();
        }
        Ok(key)
    }
    #[memoize(load_timeout = 100d)]
    async fn hard(key: u64) -> Result<u64, String> {
        BEGUN.fetch_add(1, Ordering::SeqCst);
        let () = std::future::pending().await;
        Ok(key)
    }

    let mut clock = Wild::new();
    assert_eq!(soft(1), Ok(1));
    clock.set(61 * SECOND);
    let soft = std::thread::spawn(clock.scope.wrap(|| soft(1)));
    let hard = std::thread::spawn(clock.scope.wrap(|| pollster::block_on(hard(1))));
    while BEGUN.load(Ordering::SeqCst) < 3 {
        std::thread::yield_now();
    }
    clock.set(0);
    clock.set(2 * YEAR);
    assert_eq!(soft.join().unwrap(), Ok(1));
    assert!(hard.join().unwrap().unwrap_err().contains("took longer"));
    DOOR.open();
    clock.scope.settle();
}
