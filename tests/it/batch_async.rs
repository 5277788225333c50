//! `batch` on asynchronous functions: who drives a run, and what is left when somebody leaves.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use cached_core::{memoize, testing};

thread_local!(static RUNS: RefCell<Vec<Vec<u32>>> = const { RefCell::new(Vec::new()) });
thread_local!(static OPEN: RefCell<bool> = const { RefCell::new(true) });

fn asked(ids: &[u32]) {
    RUNS.with_borrow_mut(|runs| runs.push(ids.to_vec()));
}

fn runs() -> Vec<Vec<u32>> {
    RUNS.take()
}

/// Closed, bodies wait; each that waits looks again whenever it is polled.
fn set_open(open: bool) {
    OPEN.replace(open);
}

async fn door() {
    poll_fn(|_| if OPEN.with_borrow(|open| *open) { Poll::Ready(()) } else { Poll::Pending }).await;
}

fn poll<F: Future>(future: Pin<&mut F>) -> Option<F::Output> {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Down;

#[memoize(batch, max_batch = 3)]
async fn products(ids: &[u32]) -> Result<HashMap<u32, String>, Down> {
    asked(ids);
    door().await;
    if ids.contains(&13) {
        Err(Down)
    } else {
        Ok(ids.iter().map(|id| (*id, format!("product {id}"))).collect())
    }
}

#[test]
fn a_slice_is_loaded_in_chunks_and_its_failure_is_the_calls() {
    let _scope = testing::isolate();
    pollster::block_on(async {
        assert_eq!(products(&[1, 2]).await.unwrap().len(), 2);
        let all = products(&[5, 1, 4, 5, 3, 6]).await.unwrap();
        assert_eq!(all.len(), 5);
        assert_eq!(runs(), [vec![1, 2], vec![5, 4, 3], vec![6]]);
        assert_eq!(products(&[7, 13]).await, Err(Down));
        assert_eq!(products::load(6).await.unwrap().as_deref(), Some("product 6"));
        assert_eq!(products::refresh(6).await.unwrap().as_deref(), Some("product 6"));
        assert!(products::invalidate(6) && !products::contains(7));
        assert!(products(&[]).await.unwrap().is_empty());
        assert_eq!(runs(), [vec![7, 13], vec![6]]);
    });
}

#[test]
fn tasks_that_load_one_key_each_share_runs() {
    let are_full = |_| {
        let _scope = testing::isolate();
        let executor = smol::LocalExecutor::new();
        let tasks: Vec<_> = (20..29).map(|id| executor.spawn(products::load(id))).collect();
        smol::block_on(executor.run(async {
            for (id, task) in (20..).zip(tasks) {
                assert_eq!(task.await.unwrap().unwrap(), format!("product {id}"));
            }
        }));
        let runs = runs();
        assert!(runs.concat().into_iter().eq(20..29), "each key once: {runs:?}");
        // Unless this thread had to wait for its turn in between, so that it looked as if nobody else came.
        runs.len() == 3
    };
    assert!((0..1_000).any(are_full));
}

#[test]
fn a_load_alone_waits_a_little_for_others() {
    let has_waited = |_| {
        let _scope = testing::isolate();
        let mut load = pin!(products::load(1));
        let is_pending = poll(load.as_mut()).is_none();
        // Unless this thread had to wait for its turn in between, the first moments are for others to come.
        let is_early = is_pending && runs().is_empty();
        if is_pending {
            while poll(load.as_mut()).is_none() {}
        }
        let runs = runs();
        assert!(!is_early || runs == [[1]], "{runs:?}");
        is_early
    };
    assert!((0..1_000).any(has_waited));
}

#[test]
fn the_caller_of_a_slice_may_leave() {
    let _scope = testing::isolate();
    set_open(false);
    let mut leader = Box::pin(products(&[1, 2, 3]));
    let mut other = pin!(products(&[3, 4]));
    let mut load = pin!(products::load(2));
    assert!(
        poll(leader.as_mut()).is_none() && poll(other.as_mut()).is_none() && poll(load.as_mut()).is_none()
    );
    drop(leader);
    set_open(true);
    assert_eq!(poll(load.as_mut()).unwrap().unwrap().as_deref(), Some("product 2"));
    assert_eq!(poll(other.as_mut()).unwrap().unwrap().len(), 2);
    assert_eq!(runs(), [vec![1, 2, 3], vec![4]], "the run went on");
    assert!(products::contains(1), "and brought all its keys");
}

#[test]
fn a_run_that_nobody_waits_for_is_cancelled() {
    let _scope = testing::isolate();
    set_open(false);
    let mut leader = Box::pin(products(&[1, 2]));
    let mut other = Box::pin(products::load(2));
    assert!(poll(leader.as_mut()).is_none() && poll(other.as_mut()).is_none());
    drop(leader);
    drop(other);
    set_open(true);
    assert_eq!(pollster::block_on(products(&[2, 1])).unwrap().len(), 2);
    assert_eq!(runs(), [[1, 2], [2, 1]]);
}

#[test]
fn a_key_whose_callers_left_is_joined_again() {
    let _scope = testing::isolate();
    set_open(false);
    let mut leader = Box::pin(products(&[1, 2]));
    let mut other = Box::pin(products::load(2));
    assert!(poll(leader.as_mut()).is_none() && poll(other.as_mut()).is_none());
    drop(leader);
    // Key 1 has no caller any more, but its run goes on for the sake of key 2, whose caller is not polled.
    let mut late = pin!(products::load(1));
    assert!(poll(late.as_mut()).is_none());
    set_open(true);
    assert_eq!(poll(late.as_mut()).unwrap().unwrap().as_deref(), Some("product 1"));
    assert_eq!(runs(), [[1, 2]]);
}

#[test]
fn a_caller_that_is_not_polled_holds_nobody_up() {
    let _scope = testing::isolate();
    set_open(false);
    let mut leader = pin!(products(&[1, 2]));
    assert!(poll(leader.as_mut()).is_none());
    let mut gathering = pin!(products::load(8));
    assert!(poll(gathering.as_mut()).is_none());
    set_open(true);
    // Neither is polled again until the others are through.
    assert_eq!(pollster::block_on(products(&[2, 8])).unwrap().len(), 2);
    assert_eq!(poll(leader.as_mut()).unwrap().unwrap().len(), 2);
    assert_eq!(poll(gathering.as_mut()).unwrap().unwrap().as_deref(), Some("product 8"));
}

#[test]
fn a_load_that_leaves_its_group_takes_its_key_along() {
    let were_together = |_| {
        let _scope = testing::isolate();
        let mut first = Box::pin(products::load(1));
        let mut second = pin!(products::load(2));
        let mut same = pin!(products::load(1));
        let pending = [poll(first.as_mut()), poll(second.as_mut()), poll(same.as_mut())];
        if pending.iter().any(Option::is_some) || !runs().is_empty() {
            // This thread had to wait for its turn in between, and the window was over.
            return false;
        }
        drop(first);
        assert_eq!(pollster::block_on(second).unwrap().as_deref(), Some("product 2"));
        assert_eq!(runs(), [[2]]);
        assert_eq!(pollster::block_on(same).unwrap().as_deref(), Some("product 1"));
        drop(runs());
        true
    };
    assert!((0..1_000).any(were_together));
}

#[test]
fn a_load_that_leaves_while_its_run_goes_on_leaves_the_others_whole() {
    let were_together = |_| {
        let _scope = testing::isolate();
        set_open(false);
        let mut loads: Vec<_> = (1..=3).map(|id| Box::pin(products::load(id))).collect();
        for _ in 0..5 {
            assert!(loads.iter_mut().all(|load| poll(load.as_mut()).is_none()));
        }
        if runs() != [[1, 2, 3]] {
            // This thread had to wait for its turn in between, and the window was over.
            return false;
        }
        drop(loads.remove(0));
        set_open(true);
        for (id, mut load) in (2..).zip(loads) {
            assert_eq!(poll(load.as_mut()).unwrap().unwrap(), Some(format!("product {id}")));
        }
        assert!(products::contains(1) && runs().is_empty());
        true
    };
    assert!((0..1_000).any(were_together));
}

#[test]
fn an_invalidation_during_a_run_wins_for_its_key() {
    let _scope = testing::isolate();
    set_open(false);
    let mut slice = pin!(products(&[1, 2]));
    assert!(poll(slice.as_mut()).is_none());
    products::invalidate(1);
    set_open(true);
    assert_eq!(pollster::block_on(products::load(1)).unwrap().as_deref(), Some("product 1"));
    assert_eq!(pollster::block_on(slice).unwrap().len(), 2);
    assert_eq!(runs(), [vec![1, 2], vec![1]]);
}

struct Pool(u32);

#[memoize(batch, skip(pool), max_batch = 4)]
async fn borrowed(pool: &Pool, ids: &[u32]) -> Vec<Result<u32, Down>> {
    asked(ids);
    door().await;
    ids.iter().map(|&id| if id == 13 { Err(Down) } else { Ok(id + pool.0) }).collect()
}

#[test]
fn a_body_that_borrows_is_run_again_by_who_is_left() {
    let _scope = testing::isolate();
    let pool = Pool(100);
    set_open(false);
    let mut leader = Box::pin(borrowed(&pool, &[1, 2]));
    let mut other = pin!(borrowed::load(&pool, 2));
    assert!(poll(leader.as_mut()).is_none() && poll(other.as_mut()).is_none());
    drop(leader);
    set_open(true);
    assert_eq!(pollster::block_on(other), Ok(102));
    assert_eq!(pollster::block_on(borrowed(&pool, &[13, 2])), [Err(Down), Ok(102)]);
    assert_eq!(runs(), [vec![1, 2], vec![2], vec![13]]);
}

#[test]
fn a_body_that_borrows_and_is_not_polled_holds_nobody_up() {
    let has_gathered = |_| {
        let _scope = testing::isolate();
        let pool = Pool(100);
        set_open(false);
        let mut leader = pin!(borrowed(&pool, &[1, 2]));
        assert!(poll(leader.as_mut()).is_none());
        let mut gathering = pin!(borrowed::load(&pool, 8));
        assert!(poll(gathering.as_mut()).is_none());
        // Unless this thread had to wait for its turn in between: then it waits at the door already, which wakes nobody.
        let has_gathered = runs() == [[1, 2]];
        set_open(true);
        if has_gathered {
            assert_eq!(pollster::block_on(borrowed::load(&pool, 8)), Ok(108));
            assert_eq!(poll(leader.as_mut()).unwrap(), [Ok(101), Ok(102)]);
        }
        runs();
        has_gathered
    };
    assert!((0..1_000).any(has_gathered));
}

#[test]
fn loads_with_borrowed_arguments_share_a_run() {
    let have_shared = |_| {
        let _scope = testing::isolate();
        let (one, two) = (Pool(100), Pool(200));
        let executor = smol::LocalExecutor::new();
        let load = |pool, id| executor.spawn(borrowed::load(pool, id));
        let tasks = [load(&one, 1), load(&two, 2), load(&one, 3), load(&two, 13)];
        smol::block_on(executor.run(async {
            let mut answers = Vec::new();
            for task in tasks {
                answers.push(task.await);
            }
            assert_eq!(answers, [Ok(101), Ok(202), Ok(103), Err(Down)]);
        }));
        let mut runs = runs();
        runs.sort();
        let mut keys = runs.concat();
        keys.sort_unstable();
        assert_eq!(keys, [1, 2, 3, 13], "each key once");
        // Unless this thread had to wait for its turn in between, so that it looked as if nobody else came.
        runs == [[1, 3], [2, 13]]
    };
    assert!((0..1_000).any(have_shared));
}

#[memoize(batch, skip(log), max_batch = 100)]
async fn on_many_threads(log: Arc<Mutex<Vec<u32>>>, ids: &[u32]) -> Vec<u32> {
    log.lock().unwrap().extend(ids);
    tokio::task::yield_now().await;
    ids.iter().map(|id| id * 2).collect()
}

#[test]
fn many_tasks_on_many_threads_load_each_key_once() {
    let scope = testing::isolate();
    let log = Arc::default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
    let start = |task: u32| {
        let (scope, log) = (scope.clone(), Arc::clone(&log));
        // The memo is chosen when a call is first polled, so each task enters the scope there.
        runtime.spawn(async move {
            let ids: Vec<u32> = (task..task + 5).collect();
            let mut slice = Box::pin(on_many_threads(Arc::clone(&log), &ids));
            let mut load = Box::pin(on_many_threads::load(Arc::clone(&log), task * 2));
            let slice = poll_fn(|cx| scope.wrap(|| slice.as_mut().poll(cx))()).await;
            let load = poll_fn(|cx| scope.wrap(|| load.as_mut().poll(cx))()).await;
            assert_eq!(slice, ids.iter().map(|id| id * 2).collect::<Vec<_>>());
            assert_eq!(load, task * 4);
        })
    };
    let tasks: Vec<_> = (0..200).map(start).collect();
    runtime.block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
    let mut keys = log.lock().unwrap().clone();
    let len = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), len, "no key was loaded twice");
}

#[memoize(batch)]
async fn nested(ids: &[u32]) -> Vec<u32> {
    let mut sums = Vec::new();
    for &id in ids {
        sums.push(if id == 0 { 0 } else { id + Box::pin(nested::load(id - 1)).await });
    }
    sums
}

#[memoize(batch)]
async fn circle(ids: &[u32]) -> Vec<u32> {
    Box::pin(circle(&[ids[0]])).await
}

#[test]
fn bodies_may_call_back_but_not_in_a_circle() {
    let _scope = testing::isolate();
    assert_eq!(pollster::block_on(nested(&[4])), [10]);
    let panic = std::panic::catch_unwind(|| pollster::block_on(circle(&[1, 2]))).unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.starts_with("cyclic memoized call: circle([1, 2]) -> "), "{text}");
}

#[test]
fn a_panic_is_its_callers_alone() {
    static ARMED: AtomicU32 = AtomicU32::new(1);
    #[memoize(batch)]
    async fn fragile(ids: &[u32]) -> Vec<u32> {
        door().await;
        assert_eq!(ARMED.swap(0, Ordering::Relaxed), 0, "armed");
        ids.to_vec()
    }
    let _scope = testing::isolate();
    set_open(false);
    let mut leader = Box::pin(fragile(&[1, 2]));
    let mut other = pin!(fragile::load(2));
    assert!(poll(leader.as_mut()).is_none() && poll(other.as_mut()).is_none());
    set_open(true);
    let leader = std::panic::AssertUnwindSafe(leader);
    assert!(std::panic::catch_unwind(|| pollster::block_on({ leader }.0)).is_err());
    assert_eq!(pollster::block_on(other), 2);
}

#[memoize(batch)]
async fn plain(ids: &[u32]) -> Vec<u32> {
    asked(ids);
    ids.to_vec()
}

#[test]
fn a_task_that_waits_for_others_to_come_sleeps() {
    let _scope = testing::isolate();
    let mut polls = 0;
    let mut load = pin!(plain::load(1));
    let counted = poll_fn(|cx| {
        polls += 1;
        load.as_mut().poll(cx)
    });
    assert_eq!(pollster::block_on(counted), 1);
    assert!(polls < 20, "it was polled {polls} times");
}

#[test]
fn a_group_whose_first_is_not_polled_any_more_goes_with_another() {
    // Who is interrupted for as long as others are waited for goes alone: once more with other keys.
    for key in (1..1_000).step_by(2) {
        let scope = testing::isolate();
        let mut first = pin!(plain::load(key));
        if poll(first.as_mut()).is_some() {
            continue;
        }
        let other =
            std::thread::spawn(scope.wrap(move || (pollster::block_on(plain::load(key + 1)), runs())));
        let (answer, mut runs) = other.join().unwrap();
        runs.iter_mut().for_each(|run| run.sort_unstable());
        assert_eq!((answer, runs), (key + 1, vec![vec![key, key + 1]]));
        assert_eq!(poll(first.as_mut()), Some(key));
        return;
    }
    panic!("the first never waited");
}
