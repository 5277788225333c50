//! What is counted: each call once, as a hit, a miss or a coalesced one; each run of a body once, as a load or a failure.
//! To the number, whatever the others do: those who are to wait are known to wait before the load ends.

use std::future::Future;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use cached_core::{CacheInfo, memoize, testing};

/// Callers of one key at once.
const CALLERS: u64 = 8;

/// A key that says how often it was compared: once by each caller that finds a load of it under way.
#[derive(Clone)]
struct Key(Arc<AtomicU64>);

impl PartialEq for Key {
    fn eq(&self, _: &Self) -> bool {
        self.0.fetch_add(1, Ordering::SeqCst);
        true
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// What is counted of calls and runs of bodies.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    hits: u64,
    misses: u64,
    coalesced: u64,
    loads: u64,
    load_failures: u64,
    stale_hits: u64,
    refreshes: u64,
}

impl From<CacheInfo> for Counts {
    fn from(info: CacheInfo) -> Self {
        let CacheInfo { hits, misses, coalesced, loads, load_failures, stale_hits, refreshes, .. } = info;
        Self { hits, misses, coalesced, loads, load_failures, stale_hits, refreshes }
    }
}

/// How a body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Value,
    Error,
    Panic,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Down;

/// An error that only its own caller can be told.
#[derive(Debug, PartialEq, Eq)]
struct Own;

/// The first body waits until all others wait for it; later ones find the source well.
fn first(key: &Key, end: End, runs: &AtomicUsize) -> End {
    if runs.fetch_add(1, Ordering::SeqCst) > 0 {
        return End::Value;
    }
    while key.0.load(Ordering::SeqCst) < CALLERS - 1 {
        std::thread::yield_now();
    }
    end
}

/// All callers at once, the first of which is let into its body before the others come.
fn together(scope: &testing::Scope, runs: &AtomicUsize, call: impl Fn(Key) + Send + Sync + Copy + 'static) {
    let compared = Arc::new(AtomicU64::new(0));
    let start = || {
        let key = Key(Arc::clone(&compared));
        std::thread::spawn(scope.wrap(move || call(key)))
    };
    let mut callers = vec![start()];
    while runs.load(Ordering::SeqCst) == 0 {
        std::thread::yield_now();
    }
    callers.extend((1..CALLERS).map(|_| start()));
    callers.into_iter().for_each(|caller| caller.join().unwrap());
}

/// What is counted where the first body ends like that.
fn threads(end: End) -> Counts {
    static ENDS: AtomicUsize = AtomicUsize::new(0);
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    #[memoize]
    fn source(key: Key) -> Result<u64, Down> {
        let end = [End::Value, End::Error, End::Panic][ENDS.load(Ordering::SeqCst)];
        match first(&key, end, &RUNS) {
            End::Value => Ok(1),
            End::Error => Err(Down),
            End::Panic => resume_unwind(Box::new(())),
        }
    }
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    ENDS.store(end as usize, Ordering::SeqCst);
    RUNS.store(0, Ordering::SeqCst);
    let scope = testing::isolate();
    together(&scope, &RUNS, |key| drop(catch_unwind(AssertUnwindSafe(|| source(key)))));
    source::cache_info().into()
}

#[test]
fn threads_that_share_a_value() {
    let expected = Counts { misses: 1, coalesced: CALLERS - 1, loads: 1, ..Counts::default() };
    assert_eq!(threads(End::Value), expected);
}

#[test]
fn threads_that_share_an_error() {
    let expected = Counts { misses: 1, coalesced: CALLERS - 1, load_failures: 1, ..Counts::default() };
    assert_eq!(threads(End::Error), expected);
}

#[test]
fn threads_whose_leader_panics() {
    let expected =
        Counts { misses: 2, coalesced: CALLERS - 2, loads: 1, load_failures: 1, ..Counts::default() };
    let mut counts = threads(End::Panic);
    // One of them loads; when, and so whether another finds its value or waits for it, is nobody's business.
    counts.coalesced += std::mem::take(&mut counts.hits);
    assert_eq!(counts, expected);
}

#[test]
fn threads_that_cannot_share_an_error_fail_one_by_one() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    #[memoize]
    fn source(key: Key) -> Result<u64, Own> {
        first(&key, End::Error, &RUNS);
        Err(Own)
    }
    let scope = testing::isolate();
    together(&scope, &RUNS, |key| assert_eq!(source(key), Err(Own)));
    let expected = Counts { misses: CALLERS, load_failures: CALLERS, ..Counts::default() };
    assert_eq!(Counts::from(source::cache_info()), expected);
}

#[test]
fn threads_that_are_answered_with_an_old_value() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    #[memoize(ttl = 60s, stale_if_error = 60s)]
    fn source(n: u64) -> Result<u64, Down> {
        if RUNS.fetch_add(1, Ordering::SeqCst) == 0 {
            return Ok(n);
        }
        let (out, into) = GATE.get().expect("the gate is there");
        out.lock().unwrap().send(()).unwrap();
        into.lock().unwrap().recv().unwrap();
        Err(Down)
    }
    type Gate = (Mutex<mpsc::Sender<()>>, Mutex<mpsc::Receiver<()>>);
    static GATE: OnceLock<Gate> = OnceLock::new();
    let ((running, is_running), (go, may_go)) = (mpsc::channel(), mpsc::channel());
    GATE.set((running.into(), may_go.into())).unwrap();

    let scope = testing::isolate();
    assert_eq!(source(7), Ok(7));
    scope.advance(Duration::from_secs(60));
    let call = || std::thread::spawn(scope.wrap(|| source(7)));
    let leader = call();
    is_running.recv().unwrap();
    let others: Vec<_> = (1..CALLERS).map(|_| call()).collect();
    go.send(()).unwrap();
    for caller in others.into_iter().chain([leader]) {
        assert_eq!(caller.join().unwrap(), Ok(7));
    }
    let mut counts = Counts::from(source::cache_info());
    // Who came too late to wait found the old value until the next try.
    counts.coalesced += std::mem::take(&mut counts.hits);
    let expected = Counts {
        misses: 2,
        coalesced: CALLERS - 1,
        loads: 1,
        load_failures: 1,
        stale_hits: CALLERS,
        ..Counts::default()
    };
    assert_eq!(counts, expected);
}

#[test]
fn a_reload_that_fails_is_answered_to_nobody() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    #[memoize(refresh_after = 30s)]
    fn source(n: u64) -> Result<u64, Down> {
        if RUNS.fetch_add(1, Ordering::SeqCst) == 0 { Ok(n) } else { Err(Down) }
    }
    let scope = testing::isolate();
    assert_eq!(source(7), Ok(7));
    scope.advance(Duration::from_secs(30));
    assert_eq!(source(7), Ok(7));
    scope.settle();
    let expected =
        Counts { hits: 1, misses: 1, loads: 1, load_failures: 1, stale_hits: 1, refreshes: 1, coalesced: 0 };
    assert_eq!(Counts::from(source::cache_info()), expected);
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

std::thread_local!(static OPEN: std::cell::Cell<bool> = const { std::cell::Cell::new(false) });

std::thread_local!(static END: std::cell::Cell<End> = const { std::cell::Cell::new(End::Value) });

async fn body() -> Result<u64, Down> {
    std::future::poll_fn(|_| if OPEN.get() { Poll::Ready(()) } else { Poll::Pending }).await;
    match END.replace(End::Value) {
        End::Value => Ok(1),
        End::Error => Err(Down),
        End::Panic => resume_unwind(Box::new(())),
    }
}

#[memoize]
async fn owned(_n: u64) -> Result<u64, Down> {
    body().await
}

#[memoize]
async fn borrowed(_n: &u64) -> Result<u64, Down> {
    body().await
}

/// Polls each of the calls once, so that all but the first wait for it; drops the first so many; then drives the others to
/// their ends, one after the other.
fn tasks<F: Future<Output = Result<u64, Down>>>(end: End, dropped: usize, call: impl Fn() -> F) {
    END.set(end);
    OPEN.set(false);
    let mut calls: Vec<_> = (0..CALLERS).map(|_| Box::pin(call())).collect();
    calls.iter_mut().for_each(|call| assert!(poll(call.as_mut()).is_pending()));
    calls.drain(..dropped);
    OPEN.set(true);
    for call in &mut calls {
        drop(catch_unwind(AssertUnwindSafe(|| while poll(call.as_mut()).is_pending() {})));
    }
}

#[test]
fn tasks_are_counted_as_threads_are() {
    for borrows in [false, true] {
        for (end, loads, load_failures) in [(End::Value, 1, 0), (End::Error, 0, 1), (End::Panic, 1, 1)] {
            let _scope = testing::isolate();
            let info = if borrows {
                tasks(end, 0, || borrowed(&7));
                borrowed::cache_info()
            } else {
                tasks(end, 0, || owned(7));
                owned::cache_info()
            };
            let misses = loads + load_failures;
            // After a panic each looks for himself, and the next one loads: those after him find that.
            let (hits, coalesced) = if end == End::Panic { (CALLERS - 2, 0) } else { (0, CALLERS - 1) };
            let expected = Counts { hits, misses, coalesced, loads, load_failures, ..Counts::default() };
            assert_eq!(Counts::from(info), expected, "{end:?}, borrows: {borrows}");
        }
    }
}

#[test]
fn a_load_that_others_go_on_with_is_one() {
    let _scope = testing::isolate();
    tasks(End::Value, 1, || owned(7));
    let expected = Counts { misses: 1, coalesced: CALLERS - 1, loads: 1, ..Counts::default() };
    assert_eq!(Counts::from(owned::cache_info()), expected);
}

#[test]
fn a_load_that_is_cancelled_was_neither_a_load_nor_a_failure() {
    let _scope = testing::isolate();
    tasks(End::Value, usize::try_from(CALLERS).unwrap(), || owned(7));
    assert_eq!(Counts::from(owned::cache_info()), Counts { misses: 1, ..Counts::default() });
    // One that borrows is cancelled with its caller: another begins anew.
    tasks(End::Value, 1, || borrowed(&7));
    let expected = Counts { misses: 2, hits: CALLERS - 2, loads: 1, ..Counts::default() };
    assert_eq!(Counts::from(borrowed::cache_info()), expected);
}

#[test]
fn a_refresh_is_a_load_and_no_call() {
    let _scope = testing::isolate();
    OPEN.set(true);
    for end in [End::Value, End::Error] {
        END.set(end);
        let mut refresh = pin!(owned::refresh(7));
        while poll(refresh.as_mut()).is_pending() {}
    }
    let expected = Counts { refreshes: 2, loads: 1, load_failures: 1, ..Counts::default() };
    assert_eq!(Counts::from(owned::cache_info()), expected);
}

#[test]
fn a_soft_load_that_panics_is_counted_once() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    #[memoize(ttl = 60s, stale_if_error = 60s, soft_timeout = 1s)]
    fn source(n: u64) -> Result<u64, Down> {
        if RUNS.fetch_add(1, Ordering::SeqCst) == 1 { resume_unwind(Box::new(())) } else { Ok(n) }
    }
    let scope = testing::isolate();
    assert_eq!(source(7), Ok(7));
    scope.advance(Duration::from_secs(60));
    source::reset_info();
    assert_eq!(source(7), Ok(7), "with the old value");
    scope.settle();
    let expected = Counts { hits: 1, stale_hits: 1, load_failures: 1, ..Counts::default() };
    assert_eq!(Counts::from(source::cache_info()), expected);
}

#[memoize(batch, max_batch = 3, window = 1h)]
async fn gathered(ids: &[u64]) -> Vec<u64> {
    ids.to_vec()
}

/// Whether all came in time: a group of one thread goes when nobody has come for a moment, which a busy machine may be late for.
fn begin_anew() -> bool {
    let mut loads: Vec<_> = (1..=5).map(|id| Box::pin(gathered::load(id))).collect();
    if loads[..2].iter_mut().any(|load| poll(load.as_mut()).is_ready()) {
        return false;
    }
    gathered::invalidate(2);
    // The third makes the group full, and its load is run without the second; that begins anew, and the others come to it.
    assert_eq!(poll(loads[2].as_mut()), Poll::Ready(3));
    if poll(loads[1].as_mut()).is_ready() || poll(loads[3].as_mut()).is_ready() {
        return false;
    }
    assert_eq!(poll(loads[4].as_mut()), Poll::Ready(5));
    for (id, at) in [(1, 0), (2, 1), (4, 3)] {
        assert_eq!(poll(loads[at].as_mut()), Poll::Ready(id));
    }
    true
}

#[test]
fn a_gathered_load_that_begins_anew_is_counted_once() {
    let info = (0..1_000).find_map(|_| {
        let _scope = testing::isolate();
        begin_anew().then(gathered::cache_info)
    });
    let info = info.expect("this machine to be at it for a moment");
    assert_eq!(info.batches, 2);
    assert_eq!(Counts::from(info), Counts { misses: 5, loads: 5, ..Counts::default() });
}

#[test]
fn a_gathered_load_whose_run_panics_for_another_is_counted_once() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    #[memoize(batch, max_batch = 2, window = 1h)]
    fn source(ids: &[u64]) -> Vec<u64> {
        if RUNS.fetch_add(1, Ordering::SeqCst) == 0 { resume_unwind(Box::new(())) } else { ids.to_vec() }
    }
    let scope = testing::isolate();
    let call = |id| std::thread::spawn(scope.wrap(move || catch_unwind(|| source::load(id)).is_ok()));
    let pair = [call(1), call(2)];
    // Who ran the load has the panic. The other one begins anew, and waits for company.
    while !pair.iter().any(std::thread::JoinHandle::is_finished) {
        std::thread::yield_now();
    }
    assert!(call(3).join().unwrap());
    assert_eq!(pair.map(|call| call.join().unwrap()).into_iter().filter(|ended| *ended).count(), 1);
    let expected = Counts { misses: 3, loads: 2, load_failures: 2, ..Counts::default() };
    assert_eq!(Counts::from(source::cache_info()), expected);
}
