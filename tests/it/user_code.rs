//! Code of the user's that runs inside the cache: it may panic, be slow, or call back.

use std::cell::Cell;
use std::future::Future;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::task::{Context, Poll, Waker};

use cached_core::{CacheInfo, memoize, testing};

thread_local! {
    /// Calls of user code until one panics; negative: none does.
    static FUSE: Cell<i32> = const { Cell::new(-1) };
    /// Whether the panic came out of a drop. The language then forgets a value that was about to be returned, in the
    /// body for one, so that nothing can be said of what is alive.
    static LEAKS: Cell<bool> = const { Cell::new(false) };
    /// Whether user code calls back into the cache.
    static CALLS_BACK: Cell<bool> = const { Cell::new(false) };
}

static ALIVE: AtomicI64 = AtomicI64::new(0);

fn user_code() {
    run(false);
}

fn run(in_drop: bool) {
    if CALLS_BACK.replace(false) {
        // Everything there is, from inside whatever runs now.
        other(1);
        other::invalidate(1);
        let _ = (other::contains(1), other::peek(1), other::cache_info());
        guarded::cache_info();
        guarded::invalidate_if(|_, _| false);
        CALLS_BACK.set(true);
    }
    let left = FUSE.get();
    if left >= 0 {
        FUSE.set(left - 1);
        if left == 0 && !std::thread::panicking() {
            LEAKS.set(in_drop);
            panic!("fuse");
        }
    }
}

#[memoize]
fn other(n: u32) -> u32 {
    n
}

/// A key and value all of whose methods are user code, and which are counted.
#[derive(Debug)]
struct Nasty(u32);

impl Nasty {
    fn new(n: u32) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self(n)
    }
}

impl Clone for Nasty {
    fn clone(&self) -> Self {
        user_code();
        Self::new(self.0)
    }
}

impl PartialEq for Nasty {
    fn eq(&self, other: &Self) -> bool {
        user_code();
        self.0 == other.0
    }
}

impl Eq for Nasty {}

impl Hash for Nasty {
    fn hash<H: Hasher>(&self, state: &mut H) {
        user_code();
        // Few hashes, so that keys are compared that are not equal.
        (self.0 % 2).hash(state);
    }
}

impl Drop for Nasty {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
        run(true);
    }
}

#[memoize(max = 3, policy = lru)]
fn guarded(key: Nasty) -> Nasty {
    user_code();
    Nasty::new(key.0 * 10)
}

fn call(n: u32) -> u32 {
    guarded(Nasty::new(n)).0
}

fn exercise() {
    for n in [1, 2, 3, 1, 4, 5, 1] {
        call(n);
    }
    guarded::invalidate(Nasty::new(1));
    guarded::insert(Nasty::new(2), Nasty::new(20));
    guarded::refresh(Nasty::new(2));
    drop(guarded::peek(Nasty::new(2)));
    guarded::contains(Nasty::new(3));
    guarded::invalidate_if(|key, _| key.0 == 4);
    guarded::clear();
    call(6);
}

/// The same for tasks: user code on both sides of a wait.
#[memoize(max = 3, policy = lru)]
async fn guarded_task(key: Nasty) -> Nasty {
    user_code();
    tokio::task::yield_now().await;
    Nasty::new(key.0 * 10)
}

fn call_task(n: u32) -> u32 {
    pollster::block_on(guarded_task(Nasty::new(n))).0
}

fn exercise_tasks() {
    for n in [1, 2, 3, 1, 4, 5, 1] {
        call_task(n);
    }
    guarded_task::invalidate(Nasty::new(1));
    guarded_task::insert(Nasty::new(2), Nasty::new(20));
    pollster::block_on(guarded_task::refresh(Nasty::new(2)));
    guarded_task::invalidate_if(|key, _| key.0 == 4);
    guarded_task::clear();
    call_task(6);
}

/// All these tests count what is alive.
static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Runs `exercise` again and again, with a panic in the first, the second … call of user code, and each time looks the cache
/// over.
fn panics_everywhere(exercise: fn(), call: fn(u32) -> u32, info: fn() -> CacheInfo, clear: fn() -> usize) {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for fuse in 0..400 {
        let alive = ALIVE.load(Ordering::Relaxed);
        {
            let _scope = testing::isolate();
            FUSE.set(fuse);
            LEAKS.set(false);
            let burnt = catch_unwind(AssertUnwindSafe(exercise)).is_err();
            FUSE.set(-1);
            assert!(info().len <= 3);
            // No key is dead, and each has its own value.
            for n in 1..8 {
                assert_eq!(call(n), n * 10, "after a panic at call {fuse}");
                assert_eq!(call(n), n * 10);
            }
            assert_eq!(info().len, 3);
            assert_eq!(clear(), 3);
            if !burnt {
                assert!(fuse > 64, "{fuse} calls of user code in all");
                return;
            }
        }
        assert!(
            LEAKS.get() || ALIVE.load(Ordering::Relaxed) == alive,
            "drops = creates, after a panic at call {fuse}"
        );
    }
    unreachable!("the fuse outlived the exercise");
}

#[test]
fn a_panic_in_any_user_code_leaves_the_cache_whole() {
    panics_everywhere(exercise, call, guarded::cache_info, guarded::clear);
}

#[test]
fn a_panic_in_any_user_code_of_a_task_leaves_the_cache_whole() {
    panics_everywhere(exercise_tasks, call_task, guarded_task::cache_info, guarded_task::clear);
}

/// A task that waits also drives the load of another, which clones, hashes, drops.
#[test]
fn a_panic_in_anothers_load_is_not_ones_own() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut told = 0;
    for fuse in 0..64 {
        let _scope = testing::isolate();
        let mut leader = Box::pin(guarded_task(Nasty::new(1)));
        let mut context = Context::from_waker(Waker::noop());
        assert!(leader.as_mut().poll(&mut context).is_pending());
        let mut waiter = Box::pin(guarded_task(Nasty::new(1)));
        // From here on the waiter drives what the leader began, and one call in it panics.
        FUSE.set(fuse);
        let waited = catch_unwind(AssertUnwindSafe(|| pollster::block_on(waiter.as_mut()).0));
        FUSE.set(-1);
        drop(waiter);
        let led = catch_unwind(AssertUnwindSafe(|| pollster::block_on(leader).0));
        match (waited, led) {
            // Its own look-up, its own clone of the value, or its own load after the leader's had failed.
            (Err(_), Ok(value)) => assert_eq!(value, 10),
            (Ok(value), Err(_)) => {
                assert_eq!(value, 10);
                told += 1;
            }
            (Ok(one), Ok(other)) => assert_eq!((one, other), (10, 10)),
            (Err(_), Err(_)) => panic!("one panic, and both got it, at call {fuse}"),
        }
        assert_eq!(call_task(1), 10);
    }
    assert!(told > 0, "the leader was told of a panic while the waiter drove");
}

#[test]
fn user_code_may_call_back_into_the_cache() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let alive = ALIVE.load(Ordering::Relaxed);
    {
        let _scope = testing::isolate();
        CALLS_BACK.set(true);
        exercise();
        CALLS_BACK.set(false);
        assert_eq!(call(6), 60);
    }
    assert_eq!(ALIVE.load(Ordering::Relaxed), alive);
}

/// A key whose drop does once what is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Last(u32);

type Act = Box<dyn FnOnce()>;

thread_local!(static LAST_ACT: Cell<Option<Act>> = const { Cell::new(None) });

impl Drop for Last {
    fn drop(&mut self) {
        if let Some(act) = LAST_ACT.take() {
            act();
        }
    }
}

/// The number of a key that is not dropped.
fn number(key: Last) -> u32 {
    let n = key.0;
    std::mem::forget(key);
    n
}

fn break_at_last() {
    LAST_ACT.set(Some(Box::new(|| panic!("the drop of a key"))));
}

#[memoize(ttl = 0s)]
fn short_lived(key: &Last) -> Nasty {
    Nasty::new(key.0)
}

#[memoize(max = 0)]
fn homeless(key: &Last) -> Nasty {
    Nasty::new(key.0)
}

#[test]
fn a_value_that_is_not_kept_does_not_leak_where_the_drop_of_its_key_panics() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (_scope, key) = (testing::isolate(), Last(1));
    let alive = ALIVE.load(Ordering::Relaxed);
    for function in [short_lived, homeless] {
        break_at_last();
        assert!(catch_unwind(AssertUnwindSafe(|| function(&key))).is_err());
        assert_eq!(ALIVE.load(Ordering::Relaxed), alive);
        assert_eq!(function(&key).0, 1);
    }
}

fn poll<T>(future: &mut (impl Future<Output = T> + Unpin)) -> Poll<T> {
    std::pin::Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[memoize(max = 100)]
async fn cancelled(key: Last) -> u32 {
    static FIRST: AtomicBool = AtomicBool::new(true);
    let n = number(key);
    if FIRST.swap(false, Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
    n
}

#[test]
fn the_drop_of_a_cancelled_loads_key_may_wait_for_who_asks_for_its_value() {
    let scope = testing::isolate();
    let mut first = Box::pin(cancelled(Last(1)));
    assert!(poll(&mut first).is_pending());
    let ask = scope.wrap(|| pollster::block_on(cancelled(Last(1))));
    LAST_ACT.set(Some(Box::new(|| assert_eq!(std::thread::spawn(ask).join().unwrap(), 1))));
    drop(first);
    assert!(LAST_ACT.take().is_none(), "it has been dropped");
}

thread_local! {
    static OPEN: Cell<bool> = const { Cell::new(false) };
    static FAILS: Cell<bool> = const { Cell::new(false) };
}

#[memoize(max = 100)]
async fn broken(key: Last) -> u32 {
    let n = number(key);
    std::future::poll_fn(|_| if OPEN.get() { Poll::Ready(()) } else { Poll::Pending }).await;
    if FAILS.replace(false) {
        break_at_last();
        panic!("the body");
    }
    LAST_ACT.take();
    n
}

#[test]
fn who_drives_anothers_load_is_not_told_what_the_drop_of_its_key_panics_with() {
    for is_leader_gone in [false, true] {
        let _scope = testing::isolate();
        OPEN.set(false);
        let (mut leader, mut waiter) = (Box::pin(broken(Last(1))), Box::pin(broken(Last(1))));
        assert!(poll(&mut leader).is_pending() && poll(&mut waiter).is_pending());
        let leader = (!is_leader_gone).then_some(leader);
        OPEN.set(true);
        FAILS.set(true);
        assert_eq!(pollster::block_on(waiter), 1);
        assert!(!FAILS.get(), "it has driven the leader's body first");
        if let Some(leader) = leader {
            assert!(catch_unwind(AssertUnwindSafe(|| pollster::block_on(leader))).is_err());
        }
    }
}

/// What a body holds that asks for its value when it is dropped.
struct Asks(fn());

impl Drop for Asks {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[memoize(max = 100)]
async fn ending(key: Last) -> u32 {
    let _asks = Asks(|| _ = pollster::block_on(ending(Last(1))));
    std::future::pending::<()>().await;
    number(key)
}

#[memoize(store_if = |n| *n > 0)]
async fn choosy(key: Last) -> u32 {
    let _asks = Asks(|| _ = pollster::block_on(choosy(Last(1))));
    std::future::pending::<()>().await;
    number(key)
}

#[memoize]
async fn lent(key: &Last) -> u32 {
    let _asks = Asks(|| _ = pollster::block_on(lent(&Last(1))));
    std::future::pending::<()>().await;
    key.0
}

#[test]
fn what_a_cancelled_body_held_and_wants_its_value_is_a_circle() {
    let (_scope, key) = (testing::isolate(), Last(1));
    let calls: [std::pin::Pin<Box<dyn Future<Output = u32> + '_>>; 3] =
        [Box::pin(ending(Last(1))), Box::pin(choosy(Last(1))), Box::pin(lent(&key))];
    for (mut call, name) in calls.into_iter().zip(["ending", "choosy", "lent"]) {
        assert!(poll(&mut call).is_pending());
        let panic = catch_unwind(AssertUnwindSafe(|| drop(call))).expect_err("a circle");
        let text = panic.downcast_ref::<String>().unwrap();
        assert!(text.ends_with(&format!("{name}(Last(1)) -> {name}(Last(1))")), "{text}");
    }
}
