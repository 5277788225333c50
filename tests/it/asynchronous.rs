//! `async fn`: the same promises, kept for tasks, on any executor.

use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};

use cached_core::{memoize, testing};
use tokio::sync::Semaphore;

/// A body that says when it runs, and goes on when it is told to.
struct Gate {
    running: Semaphore,
    go: Semaphore,
}

impl Gate {
    const fn new() -> Self {
        Self { running: Semaphore::const_new(0), go: Semaphore::const_new(0) }
    }

    async fn pass(&self) {
        self.running.add_permits(1);
        self.go.acquire().await.unwrap().forget();
    }

    async fn until_running(&self) {
        self.running.acquire().await.unwrap().forget();
    }

    fn open(&self) {
        self.go.add_permits(1);
    }
}

#[memoize(max = 100, policy = lru, ttl = 60s)]
async fn owned(id: u32, name: String) -> String {
    tokio::task::yield_now().await;
    format!("{id} {name}")
}

#[memoize]
async fn borrowed(id: u32, name: &str, all: &[u8]) -> String {
    tokio::task::yield_now().await;
    format!("{id} {name} {all:?}")
}

async fn exercise() {
    for _ in 0..2 {
        assert_eq!(owned(1, "a".to_owned()).await, "1 a");
        assert_eq!(borrowed(1, "a", &[2]).await, "1 a [2]");
    }
    let info = owned::cache_info();
    assert_eq!((info.hits, info.misses, info.loads, info.len), (1, 1, 1, 1));
    assert_eq!((borrowed::cache_info().hits, borrowed::cache_info().misses), (1, 1));
    assert!(owned::contains(1, "a".to_owned()) && borrowed::contains(1, "a", &[2]));
    assert_eq!(owned::refresh(1, "a".to_owned()).await, "1 a");
    assert_eq!(borrowed::refresh(1, "a", &[2]).await, "1 a [2]");
    assert_eq!(owned::uncached(2, "b".to_owned()).await, "2 b");
    owned::insert(1, "a".to_owned(), "put".to_owned());
    assert_eq!(owned(1, "a".to_owned()).await, "put");
    assert_eq!(owned::peek(1, "a".to_owned()).as_deref(), Some("put"));
    assert!(owned::invalidate(1, "a".to_owned()) && borrowed::invalidate(1, "a", &[2]));
    assert_eq!((owned::cache_info().refreshes, borrowed::cache_info().refreshes), (1, 1));
    assert_eq!((owned::clear(), borrowed::clear()), (0, 0));
}

#[test]
fn it_works_on_any_executor() {
    let _scope = testing::isolate();
    pollster::block_on(exercise());
    let _scope = testing::isolate();
    smol::block_on(exercise());
    let _scope = testing::isolate();
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(exercise());
    // The scope belongs to this thread, on which `block_on` runs its future in this flavour, too.
    let _scope = testing::isolate();
    tokio::runtime::Builder::new_multi_thread().build().unwrap().block_on(exercise());
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

#[test]
fn futures_that_can_be_sent_stay_so() {
    drop(assert_send(owned(1, String::new())));
    drop(assert_send(borrowed(1, "", &[])));
    drop(assert_send(owned::refresh(1, String::new())));
}

#[memoize(skip(shared))]
async fn not_send(n: u32, shared: Rc<u32>) -> u32 {
    tokio::task::yield_now().await;
    n + *shared
}

#[test]
fn a_body_that_cannot_be_sent_runs_where_it_is_called() {
    let _scope = testing::isolate();
    pollster::block_on(async {
        assert_eq!(not_send(1, Rc::new(2)).await, 3);
        assert_eq!(not_send(1, Rc::new(9)).await, 3);
    });
}

#[memoize]
async fn fallible(n: u32) -> Result<u32, String> {
    if n == 0 { Err("zero".to_owned()) } else { Ok(n) }
}

#[test]
fn only_ok_is_kept() {
    let _scope = testing::isolate();
    pollster::block_on(async {
        assert_eq!(fallible(0).await, Err("zero".to_owned()));
        assert_eq!(fallible(0).await, Err("zero".to_owned()));
        assert_eq!(fallible(1).await, Ok(1));
        assert_eq!(fallible(1).await, Ok(1));
    });
    let info = fallible::cache_info();
    assert_eq!((info.hits, info.misses, info.loads, info.load_failures), (1, 3, 1, 2));
}

#[memoize]
async fn fib(n: u64) -> u64 {
    if n < 2 { n } else { Box::pin(fib(n - 1)).await + Box::pin(fib(n - 2)).await }
}

#[test]
fn recursion_works() {
    let _scope = testing::isolate();
    assert_eq!(pollster::block_on(fib(80)), 23_416_728_348_467_685);
    assert_eq!(fib::cache_info().misses, 81);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tasks_share_one_load() {
    static LOADS: AtomicU32 = AtomicU32::new(0);
    static GATE: Gate = Gate::new();
    #[memoize]
    async fn slow(n: u32) -> u32 {
        LOADS.fetch_add(1, Ordering::Relaxed);
        GATE.pass().await;
        n
    }
    let tasks: Vec<_> = (0..1000).map(|_| tokio::spawn(slow(7))).collect();
    GATE.until_running().await;
    GATE.open();
    for task in tasks {
        assert_eq!(task.await.unwrap(), 7);
    }
    assert_eq!(LOADS.load(Ordering::Relaxed), 1);
    let info = slow::cache_info();
    assert_eq!((info.misses, info.loads, info.hits + info.coalesced), (1, 1, 999));
}

#[test]
fn sixty_four_threads_and_a_thousand_tasks_share_one_load() {
    static LOADS: AtomicU32 = AtomicU32::new(0);
    #[memoize]
    async fn slow(n: u32) -> u32 {
        LOADS.fetch_add(1, Ordering::Relaxed);
        let begun = std::time::Instant::now();
        while begun.elapsed() < std::time::Duration::from_millis(10) {
            tokio::task::yield_now().await;
        }
        n
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let start = Arc::new(std::sync::Barrier::new(65));
    let threads: Vec<_> = (0..64)
        .map(|_| {
            let start = Arc::clone(&start);
            std::thread::spawn(move || {
                start.wait();
                pollster::block_on(slow(7))
            })
        })
        .collect();
    start.wait();
    let tasks: Vec<_> = (0..1000).map(|_| runtime.spawn(slow(7))).collect();
    assert!(threads.into_iter().all(|thread| thread.join().unwrap() == 7));
    runtime.block_on(async {
        for task in tasks {
            assert_eq!(task.await.unwrap(), 7);
        }
    });
    assert_eq!(LOADS.load(Ordering::Relaxed), 1);
    let info = slow::cache_info();
    assert_eq!((info.misses, info.loads, info.hits + info.coalesced), (1, 1, 1063), "each counted once");
}

/// On one thread, where whoever was woken has its turn: on several, the caller whose load it is may be held up by the machine for so
/// long that it is taken for forgotten, which costs another load.
#[tokio::test]
async fn a_thousand_tasks_share_one_load_that_borrows() {
    static LOADS: AtomicU32 = AtomicU32::new(0);
    static GATE: Gate = Gate::new();
    #[memoize]
    async fn slow(text: &str) -> usize {
        LOADS.fetch_add(1, Ordering::Relaxed);
        GATE.pass().await;
        text.len()
    }
    let tasks: Vec<_> = (0..1000).map(|_| tokio::spawn(async { slow("seven").await })).collect();
    GATE.until_running().await;
    GATE.open();
    for task in tasks {
        assert_eq!(task.await.unwrap(), 5);
    }
    assert_eq!(LOADS.load(Ordering::Relaxed), 1);
}

/// Polls once.
fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn a_load_goes_on_when_the_caller_that_began_it_is_dropped() {
    static LOADS: AtomicU32 = AtomicU32::new(0);
    static GATE: Gate = Gate::new();
    #[memoize]
    async fn slow(n: u32) -> u32 {
        LOADS.fetch_add(1, Ordering::Relaxed);
        GATE.pass().await;
        n
    }
    let mut leader = Box::pin(slow(1));
    assert!(poll(leader.as_mut()).is_pending());
    let mut waiter = Box::pin(slow(1));
    assert!(poll(waiter.as_mut()).is_pending());
    drop(leader);
    GATE.open();
    assert_eq!(waiter.await, 1);
    assert_eq!(LOADS.load(Ordering::Relaxed), 1, "not begun anew");
}

#[tokio::test]
async fn a_load_is_cancelled_when_its_last_caller_leaves() {
    struct Alarm(Arc<AtomicU32>);
    impl Drop for Alarm {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    #[memoize(skip(dropped))]
    async fn forever(n: u32, dropped: Arc<AtomicU32>) -> u32 {
        let _alarm = Alarm(dropped);
        std::future::pending::<()>().await;
        n
    }
    let dropped = Arc::new(AtomicU32::new(0));
    let mut callers: Vec<_> = (0..3).map(|_| Box::pin(forever(1, Arc::clone(&dropped)))).collect();
    for caller in &mut callers {
        assert!(poll(caller.as_mut()).is_pending());
    }
    drop(callers.pop());
    drop(callers.remove(0));
    assert_eq!(dropped.load(Ordering::Relaxed), 0, "one still waits");
    drop(callers);
    assert_eq!(dropped.load(Ordering::Relaxed), 1);
    let info = forever::cache_info();
    assert_eq!((info.loads, info.load_failures, info.len), (0, 0, 0), "cancelled is not failed");
}

#[tokio::test]
async fn a_caller_that_is_not_polled_holds_nobody_up() {
    static GATE: Gate = Gate::new();
    #[memoize]
    async fn slow(n: u32) -> u32 {
        GATE.pass().await;
        n
    }
    let mut held = Box::pin(slow(1));
    assert!(poll(held.as_mut()).is_pending());
    // From here on nobody polls the caller that began the load.
    GATE.open();
    assert_eq!(slow(1).await, 1);
    assert_eq!(slow::cache_info().loads, 1, "the other one drove it");
    assert_eq!(held.await, 1);
}

#[tokio::test]
async fn nor_does_one_whose_load_borrows() {
    static GATE: Gate = Gate::new();
    #[memoize]
    async fn slow(text: &str) -> usize {
        GATE.pass().await;
        text.len()
    }
    let text = String::from("abc");
    let mut held = Box::pin(slow(&text));
    assert!(poll(held.as_mut()).is_pending());
    GATE.open();
    // The body was woken and is not polled: the second caller takes over and runs it itself.
    let second = slow("abc");
    GATE.open();
    assert_eq!(second.await, 3);
    drop(held);
    assert_eq!(slow("abc").await, 3);
}

#[tokio::test]
async fn when_a_borrowing_caller_is_dropped_a_waiter_loads_for_itself() {
    static LOADS: AtomicU32 = AtomicU32::new(0);
    static GATE: Gate = Gate::new();
    #[memoize]
    async fn slow(text: &str) -> usize {
        LOADS.fetch_add(1, Ordering::Relaxed);
        GATE.pass().await;
        text.len()
    }
    let mut leader = Box::pin(slow("abc"));
    assert!(poll(leader.as_mut()).is_pending());
    let waiter = tokio::spawn(async { slow("abc").await });
    tokio::task::yield_now().await;
    drop(leader);
    GATE.open();
    assert_eq!(waiter.await.unwrap(), 3);
    assert_eq!(LOADS.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn one_callers_deadline_is_not_anothers() {
    static GATE: Gate = Gate::new();
    #[memoize]
    async fn slow(n: u32) -> u32 {
        GATE.pass().await;
        n
    }
    let patient = tokio::spawn(slow(1));
    GATE.until_running().await;
    let hasty = tokio::time::timeout(std::time::Duration::ZERO, slow(1)).await;
    assert!(hasty.is_err());
    GATE.open();
    assert_eq!(patient.await.unwrap(), 1);
    assert_eq!(slow::cache_info().loads, 1);
}

#[tokio::test]
async fn a_dropped_runtime_holds_nobody_up() {
    static LOADS: AtomicU32 = AtomicU32::new(0);
    #[memoize]
    async fn stuck_once(n: u32) -> u32 {
        if LOADS.fetch_add(1, Ordering::Relaxed) == 0 {
            std::future::pending::<()>().await;
        }
        n
    }
    std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.spawn(stuck_once(1));
        runtime.block_on(tokio::task::yield_now());
    })
    .join()
    .unwrap();
    assert_eq!(stuck_once(1).await, 1);
}

#[tokio::test]
async fn a_panic_reaches_the_caller_whose_body_it_was_and_the_others_load_for_themselves() {
    static LOADS: AtomicU32 = AtomicU32::new(0);
    static GATE: Gate = Gate::new();
    #[memoize]
    async fn fragile(n: u32) -> u32 {
        if LOADS.fetch_add(1, Ordering::Relaxed) == 0 {
            GATE.pass().await;
            panic!("boom");
        }
        n
    }
    let leader = tokio::spawn(fragile(1));
    GATE.until_running().await;
    let waiters: Vec<_> = (0..5).map(|_| tokio::spawn(fragile(1))).collect();
    tokio::task::yield_now().await;
    GATE.open();
    assert!(leader.await.unwrap_err().is_panic());
    for waiter in waiters {
        assert_eq!(waiter.await.unwrap(), 1);
    }
    assert_eq!(LOADS.load(Ordering::Relaxed), 2);
    assert_eq!((fragile::cache_info().loads, fragile::cache_info().load_failures), (1, 1));
}

#[tokio::test]
async fn invalidation_wins_over_a_running_load() {
    static VERSION: AtomicU32 = AtomicU32::new(1);
    static GATE: Gate = Gate::new();
    #[memoize]
    async fn current(_key: u8) -> u32 {
        let read = VERSION.load(Ordering::Relaxed);
        GATE.pass().await;
        read
    }
    let old = tokio::spawn(current(0));
    GATE.until_running().await;
    VERSION.store(2, Ordering::Relaxed);
    current::invalidate(0);
    let new = tokio::spawn(current(0));
    GATE.until_running().await;
    GATE.open();
    GATE.open();
    assert_eq!((old.await.unwrap(), new.await.unwrap()), (1, 2));
    assert_eq!(current(0).await, 2);
}

#[tokio::test]
async fn an_error_is_told_once_to_all_who_waited() {
    static LOADS: AtomicU32 = AtomicU32::new(0);
    static GATE: Gate = Gate::new();
    #[memoize]
    async fn source(_n: u32) -> Result<u32, String> {
        let load = LOADS.fetch_add(1, Ordering::Relaxed);
        GATE.pass().await;
        Err(format!("down {load}"))
    }
    let leader = tokio::spawn(source(1));
    GATE.until_running().await;
    let waiters: Vec<_> = (0..20).map(|_| tokio::spawn(source(1))).collect();
    tokio::task::yield_now().await;
    GATE.open();
    assert_eq!(leader.await.unwrap(), Err("down 0".to_owned()));
    for waiter in waiters {
        assert_eq!(waiter.await.unwrap(), Err("down 0".to_owned()));
    }
    let info = source::cache_info();
    assert_eq!((info.misses, info.coalesced, info.load_failures), (1, 20, 1));
}

type Boxed = std::pin::Pin<Box<dyn Future<Output = u32> + Send>>;

#[memoize]
async fn selfish(n: u32) -> u32 {
    Box::pin(selfish(n)).await
}

#[memoize]
async fn ping(n: u32) -> u32 {
    boxed_pong(n).await
}

#[memoize]
async fn pong(n: u32) -> u32 {
    boxed_ping(n).await
}

fn boxed_ping(n: u32) -> Boxed {
    Box::pin(ping(n))
}

fn boxed_pong(n: u32) -> Boxed {
    Box::pin(pong(n))
}

async fn panic_of(call: impl Future<Output = u32> + Send + 'static) -> String {
    let panic = tokio::spawn(call).await.unwrap_err().into_panic();
    panic.downcast_ref::<String>().cloned().expect("a panic with a text")
}

#[tokio::test]
async fn cycles_are_reported_by_names_and_keys() {
    assert_eq!(panic_of(ping(1)).await, "cyclic memoized call: ping(1) -> pong(1) -> ping(1)");
    assert_eq!(panic_of(pong(2)).await, "cyclic memoized call: pong(2) -> ping(2) -> pong(2)");
    let panic = std::panic::catch_unwind(|| pollster::block_on(selfish(1))).unwrap_err();
    assert_eq!(panic.downcast_ref::<String>().unwrap(), "cyclic memoized call: selfish(1) -> selfish(1)");
}

/// Goes on once both tasks are inside of their loads.
async fn meet() {
    static INSIDE: Semaphore = Semaphore::const_new(0);
    static RUNS: AtomicU32 = AtomicU32::new(0);
    match RUNS.fetch_add(1, Ordering::Relaxed) {
        0 => INSIDE.acquire().await.unwrap().forget(),
        1 => INSIDE.add_permits(1),
        _ => {}
    }
}

#[memoize]
async fn left(n: u32) -> u32 {
    meet().await;
    boxed_right(n).await
}

#[memoize]
async fn right(n: u32) -> u32 {
    meet().await;
    boxed_left(n).await
}

fn boxed_left(n: u32) -> Boxed {
    Box::pin(left(n))
}

fn boxed_right(n: u32) -> Boxed {
    Box::pin(right(n))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cycle_over_two_tasks_is_reported_and_nobody_hangs() {
    let (one, two) = (tokio::spawn(left(1)), tokio::spawn(right(1)));
    let panics = [one.await.unwrap_err(), two.await.unwrap_err()].map(tokio::task::JoinError::into_panic);
    let texts: Vec<_> = panics.iter().map(|panic| panic.downcast_ref::<String>().unwrap()).collect();
    let circles = ["left(1) -> right(1) -> left(1)", "right(1) -> left(1) -> right(1)"];
    assert!(texts.iter().any(|text| circles.iter().any(|circle| text.ends_with(circle))), "{texts:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_reads_the_past() {
    static VERSION: AtomicU32 = AtomicU32::new(0);
    static INVALIDATED: AtomicU32 = AtomicU32::new(0);
    const ROUNDS: u32 = 10_000;
    #[memoize]
    async fn current(_key: u8) -> u32 {
        let read = VERSION.load(Ordering::SeqCst);
        tokio::task::yield_now().await;
        read
    }
    let readers: Vec<_> = (0..4)
        .map(|_| {
            tokio::spawn(async {
                while INVALIDATED.load(Ordering::SeqCst) < ROUNDS {
                    let known = INVALIDATED.load(Ordering::SeqCst);
                    let read = current(0).await;
                    assert!(read >= known, "read {read} after {known} was invalidated");
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for version in 1..=ROUNDS {
        VERSION.store(version, Ordering::SeqCst);
        current::invalidate(0);
        INVALIDATED.store(version, Ordering::SeqCst);
        if version % 10 == 0 {
            tokio::task::yield_now().await;
        }
    }
    for reader in readers {
        reader.await.unwrap();
    }
}

/// Errors that cannot be sent, in futures that can.
mod unsent {
    use std::error::Error;

    use super::*;

    pub type Answer = Result<u32, Box<dyn Error>>;

    async fn read(id: u32) -> u32 {
        std::future::ready(id).await
    }

    #[memoize]
    pub async fn plain(id: u32) -> Answer {
        let id = read(id).await;
        if id == 0 { Err("zero".into()) } else { Ok(id) }
    }

    #[memoize(ttl = 60s, stale_if_error = 60s)]
    pub async fn borrowing(text: &str) -> Answer {
        Ok(read(text.len() as u32).await)
    }

    #[memoize(key = id / 10, load_timeout = 5s)]
    pub async fn keyed(id: u32) -> Answer {
        Ok(read(id).await)
    }

    #[memoize(lazy)]
    pub async fn later(id: u32) -> Answer {
        Ok(read(id).await)
    }

    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct Desk;

    pub trait Asked {
        fn asked(&self, id: u32) -> impl Future<Output = Answer> + Send;
    }

    #[memoize]
    impl Asked for Desk {
        #[memoize]
        async fn asked(&self, id: u32) -> Answer {
            Ok(read(id).await)
        }
    }
}

#[test]
fn what_can_be_sent_stays_so_whatever_its_error_is() {
    use pollster::block_on;
    use unsent::{Asked as _, Desk, borrowing, keyed, later, plain};
    fn sent<T: Send>(future: T) -> T {
        future
    }
    let _scope = testing::isolate();
    for _ in 0..2 {
        assert!(block_on(sent(plain(0))).is_err());
        assert_eq!(block_on(sent(plain(1))).ok(), Some(1));
        assert_eq!(block_on(sent(borrowing("ab"))).ok(), Some(2));
        assert_eq!(block_on(sent(keyed(5))).ok(), Some(5));
        assert_eq!(block_on(sent(async { later(3).await.ok() })), Some(3));
        assert_eq!(block_on(sent(Desk.asked(4))).ok(), Some(4));
    }
    assert_eq!((plain::cache_info().hits, plain::cache_info().len), (1, 1));
    assert_eq!((borrowing::cache_info().hits, keyed::cache_info().hits), (1, 1));
}
