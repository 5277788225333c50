//! `batch`, at its ends: the least runs, the user's code that panics anywhere, answers that nobody asked for.

use std::cell::Cell;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::mpsc::channel;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use cached_core::{memoize, testing};

fn zero() -> usize {
    0
}

#[memoize(batch, max_batch = zero())]
fn roomless(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}

#[memoize(batch, max_batch = 1, window = 1h)]
fn one_by_one(ids: &[u32]) -> Vec<u32> {
    assert_eq!(ids.len(), 1);
    ids.to_vec()
}

#[memoize(batch, max_batch = 1, window = 1h)]
async fn one_by_one_later(ids: &[u32]) -> Vec<u32> {
    assert_eq!(ids.len(), 1);
    ids.to_vec()
}

#[test]
fn runs_hold_one_key_at_least() {
    let _scope = testing::isolate();
    let calls: [fn() -> Vec<u32>; 3] = [|| roomless(&[1]), || roomless(&[]), || vec![roomless::load(1)]];
    for call in calls {
        let panic = catch_unwind(call).unwrap_err();
        assert!(panic.downcast_ref::<&str>().unwrap().starts_with("`max_batch` is 0: "));
    }
    assert_eq!(one_by_one(&[3, 1, 3, 2]), [3, 1, 3, 2]);
    assert_eq!(one_by_one::cache_info().batches, 3);
    // Full with itself, it waits for nobody.
    assert_eq!((one_by_one::load(9), pollster::block_on(one_by_one_later::load(9))), (9, 9));
}

#[memoize(batch, max = 0)]
fn unkept(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}

#[memoize(batch, max = 2)]
fn small(ids: &[u32]) -> HashMap<u32, u32> {
    ids.iter().map(|id| (*id, id * 2)).collect()
}

#[test]
fn a_slice_longer_than_its_cache_is_answered_whole() {
    let _scope = testing::isolate();
    let ids: Vec<u32> = (0..10_000).rev().chain(0..10).collect();
    assert_eq!(unkept(&ids), ids);
    assert_eq!((unkept::cache_info().len, unkept::load(1)), (0, 1));
    assert_eq!(small(&ids).len(), 10_000);
    assert!(small::cache_info().len <= 2);
}

/// Answers for all keys above five, asked or not.
#[memoize(batch)]
fn talkative(ids: &[u32]) -> HashMap<u32, u32> {
    (0..10).filter(|id| *id > 5 || ids.contains(id)).map(|id| (id, id)).collect()
}

#[test]
fn what_was_not_asked_for_is_neither_returned_nor_kept() {
    let _scope = testing::isolate();
    assert_eq!(talkative(&[1, 7]), HashMap::from([(1, 1), (7, 7)]));
    assert!(!talkative::contains(8) && talkative::cache_info().len == 2);
}

thread_local! {
    /// How many more calls of the user's code go well; negative where all do.
    static FUSE: Cell<i32> = const { Cell::new(-1) };
}

fn burn() {
    let left = FUSE.get();
    FUSE.set(left - 1);
    if left == 0 {
        panic!("the fuse is burnt");
    }
    if left < 0 {
        FUSE.set(-1);
    }
}

#[derive(Debug)]
struct Key(u32);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        burn();
        self.0.hash(state);
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
        Self(self.0)
    }
}

struct Value(u32);

impl Clone for Value {
    fn clone(&self) -> Self {
        burn();
        Self(self.0)
    }
}

#[memoize(batch, max_batch = 3)]
fn by_map(keys: &[Key]) -> HashMap<Key, Value> {
    burn();
    keys.iter().map(|key| (Key(key.0), Value(key.0))).collect()
}

#[memoize(batch, max_batch = 3)]
fn by_list(keys: &[Key]) -> Vec<Value> {
    burn();
    keys.iter().map(|key| Value(key.0)).collect()
}

#[memoize(batch, max_batch = 3)]
async fn later(keys: &[Key]) -> Vec<Value> {
    burn();
    keys.iter().map(|key| Value(key.0)).collect()
}

/// Seven keys, three of them twice.
fn keys() -> Vec<Key> {
    (0..7).chain(0..3).map(Key).collect()
}

const NUMBERS: [u32; 10] = [0, 1, 2, 3, 4, 5, 6, 0, 1, 2];

fn numbers(values: Vec<Value>) -> Vec<u32> {
    values.into_iter().map(|value| value.0).collect()
}

#[test]
fn user_code_may_panic_anywhere() {
    let scope = testing::isolate();
    let calls: [fn(&[Key]) -> Vec<u32>; 5] = [
        |keys| {
            let found = by_map(keys);
            keys.iter().map(|key| found[key].0).collect()
        },
        |keys| numbers(by_list(keys)),
        |keys| numbers(pollster::block_on(later(keys))),
        |keys| keys.iter().map(|key| by_list::load(Key(key.0)).0).collect(),
        |keys| keys.iter().map(|key| pollster::block_on(later::load(Key(key.0))).0).collect(),
    ];
    for (number, call) in calls.into_iter().enumerate() {
        for fuse in 0.. {
            // Not cleared: what an earlier round stored is hit, and burns too.
            let keys = keys();
            if fuse % 2 == 0 {
                by_map::clear();
                by_list::clear();
                later::clear();
            }
            FUSE.set(fuse);
            let result = catch_unwind(AssertUnwindSafe(|| call(&keys)));
            let is_over = FUSE.replace(-1) >= 0;
            assert!(result.map_or(true, |answer| answer == NUMBERS));
            // Whatever happened, nobody else is held up by it.
            let (tell, told) = channel();
            let other = std::thread::spawn(scope.wrap(move || {
                let answer = call(&self::keys());
                tell.send(()).unwrap();
                answer
            }));
            let waited = told.recv_timeout(Duration::from_secs(30));
            assert!(waited.is_ok(), "form {number} hangs after a panic at call {fuse}");
            assert_eq!(other.join().unwrap(), NUMBERS);
            if is_over {
                break;
            }
        }
    }
}

thread_local! {
    static OPEN: Cell<bool> = const { Cell::new(false) };
}

async fn door() {
    std::future::poll_fn(|_| if OPEN.get() { Poll::Ready(()) } else { Poll::Pending }).await;
}

/// Answers for one key alone.
#[memoize(batch)]
async fn short(ids: &[u32]) -> Vec<u32> {
    door().await;
    ids[..1].to_vec()
}

#[memoize(batch, skip(door_of))]
async fn short_and_borrowing(door_of: &Cell<bool>, ids: &[u32]) -> Vec<u32> {
    std::future::poll_fn(|_| if door_of.get() { Poll::Ready(()) } else { Poll::Pending }).await;
    ids[..1].to_vec()
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn message<T>(result: std::thread::Result<T>) -> Option<String> {
    result.err().map(|panic| panic.downcast_ref::<String>().expect("it says something").clone())
}

#[test]
fn an_answer_of_the_wrong_length_is_the_panic_of_the_one_who_asked() {
    let _scope = testing::isolate();
    OPEN.set(false);
    let (mut asks, mut waits) = (pin!(short(&[1, 2])), pin!(short(&[2])));
    assert!(poll(asks.as_mut()).is_pending() && poll(waits.as_mut()).is_pending());
    OPEN.set(true);
    // The one who waits drives the run to its end.
    assert_eq!(poll(waits.as_mut()), Poll::Ready(vec![2]), "by a run of his own");
    let panic = message(catch_unwind(AssertUnwindSafe(|| poll(asks.as_mut()))));
    assert!(panic.is_some_and(|text| text.starts_with("a batch of 2 keys was answered with 1 values")));
    let info = short::cache_info();
    assert_eq!((info.misses, info.loads, info.load_failures, info.batches), (3, 1, 2, 2));
}

#[test]
fn a_run_that_borrows_and_panics_has_failed() {
    let _scope = testing::isolate();
    let panic = message(catch_unwind(|| pollster::block_on(short_and_borrowing(&Cell::new(true), &[1, 2]))));
    assert!(panic.is_some_and(|text| text.starts_with("a batch of 2 keys was answered with 1 values")));
    let info = short_and_borrowing::cache_info();
    assert_eq!((info.misses, info.loads, info.load_failures), (2, 0, 2));
}
