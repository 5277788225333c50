//! A panic in the user's code, wherever it is called: for the first, the second … call of it in all, while two callers at once load, hit,
//! wait, invalidate and put. Nobody hangs, every key has its own value after that, and all that was made is dropped.
//!
//! A process of its own, since the fuse is burnt on whatever thread it is.

use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use cached_core::{CacheInfo, RemovalCause, memoize, registry, testing};
use pollster::block_on;
use smol::future::yield_now;
use tests::comes;

/// How many more calls of the user's code go well; negative where all do.
static FUSE: AtomicI64 = AtomicI64::new(-1);
/// Keys and values that are there.
static ALIVE: AtomicI64 = AtomicI64::new(0);

fn burn() {
    let armed = !thread::panicking() && FUSE.load(Ordering::SeqCst) >= 0;
    if armed && FUSE.fetch_sub(1, Ordering::SeqCst) == 0 {
        // Without a word of the hook's.
        resume_unwind(Box::new(()));
    }
}

/// What is counted.
#[derive(Debug)]
struct Counted;

impl Counted {
    fn new() -> Self {
        ALIVE.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Debug)]
struct Key(u32, Counted);

fn key(n: u32) -> Key {
    Key(n, Counted::new())
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        burn();
        // Three hashes for all, so that keys are compared.
        (self.0 % 3).hash(state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        burn();
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Clone for Key {
    fn clone(&self) -> Self {
        burn();
        key(self.0)
    }
}

#[derive(Debug)]
struct Value(u32, Counted);

impl Clone for Value {
    fn clone(&self) -> Self {
        burn();
        Self(self.0, Counted::new())
    }
}

#[derive(Clone, Debug)]
struct Down;

/// The key that has no value.
const BAD: u32 = 5;

fn source(key: &Key) -> Result<Value, Down> {
    burn();
    if key.0 == BAD { Err(Down) } else { Ok(Value(key.0, Counted::new())) }
}

async fn source_later(key: &Key) -> Result<Value, Down> {
    burn();
    yield_now().await;
    source(key)
}

fn weigh(_: &Key, _: &Value) -> u64 {
    burn();
    1
}

fn listen(_: &Key, _: &Value, _: RemovalCause) {
    burn();
}

fn tag(n: u32) -> String {
    burn();
    format!("tag:{}", n % 2)
}

#[memoize(
    max_weight = 3,
    weigher = weigh,
    ttl = 60s,
    stale_if_error = 60s,
    errors = 5s,
    tags = [tag(key.0), tag(value.0 + 1)],
    on_remove = listen
)]
fn hooked(key: Key) -> Result<Value, Down> {
    source(&key)
}

#[memoize(max = 3, ttl = 60s, stale_if_error = 1h, soft_timeout = 10s)]
fn soft(key: Key) -> Result<Value, Down> {
    source(&key)
}

#[memoize(max = 3, ttl = 60s, refresh_after = 30s, tags = [tag(key.0), tag(value.0 + 1)])]
async fn owned(key: Key) -> Result<Value, Down> {
    source_later(&key).await
}

#[memoize(max = 3, ttl = 60s, refresh_after = 30s)]
async fn borrowing(key: &Key) -> Result<Value, Down> {
    source_later(key).await
}

#[memoize(batch, max = 3, window = 0ns, max_batch = 2)]
fn batch(keys: &[Key]) -> Vec<Result<Value, Down>> {
    keys.iter().map(source).collect()
}

#[memoize(batch, max = 3, window = 0ns, max_batch = 2)]
async fn batch_later(keys: &[Key]) -> Vec<Result<Value, Down>> {
    burn();
    yield_now().await;
    keys.iter().map(source).collect()
}

/// A function, and its verbs.
struct Case {
    call: fn(u32) -> Result<Value, Down>,
    info: fn() -> CacheInfo,
    clear: fn() -> usize,
    /// What is written meanwhile.
    writes: fn(),
}

/// Runs a thread to its end, or fails.
fn in_time(scope: &testing::Scope, what: &str, run: impl FnOnce() + Send + 'static) {
    let (tell, told) = channel();
    let run = scope.wrap(run);
    let thread = thread::spawn(move || {
        run();
        tell.send(()).unwrap();
    });
    let waited = told.recv_timeout(Duration::from_secs(120));
    assert_ne!(waited, Err(std::sync::mpsc::RecvTimeoutError::Timeout), "{what}: somebody hangs");
    assert!(thread.join().is_ok(), "{what}");
}

fn everywhere(case: &'static Case) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let check = |n: u32, result: Result<Value, Down>| match result {
        Ok(value) => assert_eq!(value.0, n),
        Err(Down) => assert_eq!(n, BAD),
    };
    for fuse in 0.. {
        let what = format!("after a panic at call {fuse}");
        let before = ALIVE.load(Ordering::SeqCst);
        let scope = testing::isolate();
        (0..4).for_each(|n| check(n, (case.call)(n)));
        // Old, or ended.
        scope.advance(Duration::from_secs(if fuse % 2 == 0 { 31 } else { 61 }));
        FUSE.store(fuse, Ordering::SeqCst);
        let both = scope.clone();
        in_time(&scope, &what, move || {
            let callers = [0, 1].map(|first| {
                thread::spawn(both.wrap(move || {
                    for n in 0..7 {
                        let n = (n + first) % 7;
                        if let Ok(result) = catch_unwind(|| (case.call)(n)) {
                            check(n, result);
                        }
                        if n == 3 {
                            drop(catch_unwind(AssertUnwindSafe(case.writes)));
                        }
                    }
                }))
            });
            callers.into_iter().for_each(|caller| caller.join().unwrap());
        });
        scope.settle();
        let is_over = FUSE.swap(-1, Ordering::SeqCst) >= 0;
        in_time(&scope, &what, move || (0..7).chain(0..7).for_each(|n| check(n, (case.call)(n))));
        assert!((case.info)().len <= 3, "{what}");
        scope.settle();
        (case.clear)();
        drop(scope);
        // A thread that reloads may hold what it did for a moment longer.
        assert!(comes(|| ALIVE.load(Ordering::SeqCst) == before), "{what}: drops = creates");
        if is_over {
            assert!(fuse > 64, "{fuse} calls of user code in all");
            return;
        }
    }
}

#[test]
fn in_every_hook() {
    everywhere(&Case {
        call: |n| hooked(key(n)),
        info: hooked::cache_info,
        clear: hooked::clear,
        writes: || {
            hooked::invalidate(key(1));
            hooked::insert(key(2), Value(2, Counted::new()));
            registry::invalidate_tag("tag:1");
        },
    });
}

#[test]
fn in_loads_on_other_threads() {
    everywhere(&Case {
        call: |n| soft(key(n)),
        info: soft::cache_info,
        clear: soft::clear,
        writes: || _ = soft::invalidate(key(1)),
    });
}

#[test]
fn in_loads_that_every_task_drives() {
    everywhere(&Case {
        call: |n| block_on(owned(key(n))),
        info: owned::cache_info,
        clear: owned::clear,
        writes: || {
            owned::invalidate(key(1));
            registry::invalidate_tag("tag:1");
        },
    });
}

#[test]
fn in_loads_that_borrow() {
    everywhere(&Case {
        call: |n| block_on(borrowing(&key(n))),
        info: borrowing::cache_info,
        clear: borrowing::clear,
        writes: || _ = borrowing::invalidate(&key(1)),
    });
}

#[test]
fn in_loads_that_are_gathered() {
    everywhere(&Case {
        call: |n| batch::load(key(n)),
        info: batch::cache_info,
        clear: batch::clear,
        writes: || _ = batch::invalidate(key(1)),
    });
}

#[test]
fn in_loads_of_tasks_that_are_gathered() {
    everywhere(&Case {
        call: |n| block_on(batch_later::load(key(n))),
        info: batch_later::cache_info,
        clear: batch_later::clear,
        writes: || _ = batch_later::invalidate(key(1)),
    });
}
