//! `batch`: a body that answers many keys at once.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use cached_core::{BatchLengthError, memoize, testing};

/// What a body was asked for, run by run.
static RUNS: Mutex<Vec<Vec<u32>>> = Mutex::new(Vec::new());

std::thread_local!(static ASKED: std::cell::RefCell<Vec<Vec<u32>>> = const { std::cell::RefCell::new(Vec::new()) });

fn asked(ids: &[u32]) {
    ASKED.with_borrow_mut(|asked| asked.push(ids.to_vec()));
}

/// The runs of this thread since it last asked.
fn runs() -> Vec<Vec<u32>> {
    ASKED.take()
}

/// There are products with even numbers.
#[memoize(batch, max_batch = 3, ttl = 60s)]
fn products(ids: &[u32]) -> HashMap<u32, String> {
    asked(ids);
    ids.iter().filter(|id| *id % 2 == 0).map(|id| (*id, format!("product {id}"))).collect()
}

fn map<V: Clone, const N: usize>(pairs: [(u32, V); N]) -> HashMap<u32, V> {
    HashMap::from(pairs)
}

#[test]
fn only_what_is_missing_is_loaded_each_key_once_and_in_chunks() {
    let scope = testing::isolate();
    assert_eq!(products(&[2]), map([(2, "product 2".to_owned())]));
    assert_eq!(runs(), [[2]]);
    let all = products(&[8, 2, 8, 4, 6, 10, 4]);
    assert_eq!(all.len(), 5);
    assert_eq!(runs(), [vec![8, 4, 6], vec![10]]);
    let info = products::cache_info();
    assert_eq!((info.misses, info.hits, info.coalesced, info.loads, info.batches), (5, 2, 1, 5, 3));
    scope.advance(Duration::from_secs(60));
    products(&[2, 4]);
    assert_eq!(runs(), [[2, 4]]);
}

#[test]
fn an_absent_key_is_none_and_kept() {
    let _scope = testing::isolate();
    assert_eq!(products(&[1, 2, 3]).len(), 1);
    assert_eq!(products::load(1), None);
    assert_eq!(products::peek(1), Some(None));
    assert_eq!(products::load(2).as_deref(), Some("product 2"));
    assert_eq!(runs(), [[1, 2, 3]]);
    products::insert(1, Some("found".to_owned()));
    assert_eq!(products(&[1, 3]), map([(1, "found".to_owned())]));
    assert!(products::invalidate(1) && !products::invalidate(1) && !products::contains(1));
    assert_eq!(products::uncached(&[2, 2]).len(), 1);
    assert_eq!(products::refresh(2).as_deref(), Some("product 2"));
    assert_eq!(runs(), [vec![2, 2], vec![2]]);
    assert!(products(&[]).is_empty());
    assert!(runs().is_empty(), "no keys, no run");
}

#[memoize(batch, max_batch = 2)]
fn squares(ids: &[u32]) -> Vec<u64> {
    asked(ids);
    ids.iter().map(|&id| u64::from(id).pow(2)).collect()
}

#[memoize(batch)]
fn odd(ids: &[u32]) -> Vec<Result<u32, String>> {
    asked(ids);
    ids.iter().map(|&id| if id % 2 == 1 { Ok(id * 10) } else { Err(format!("{id} is even")) }).collect()
}

#[test]
fn a_vector_answers_in_the_order_of_the_keys() {
    let _scope = testing::isolate();
    squares(&[3]);
    assert_eq!(squares(&[5, 3, 4, 5, 1]), [25, 9, 16, 25, 1]);
    assert_eq!(squares::load(7), 49);
    assert_eq!(runs(), [vec![3], vec![5, 4], vec![1], vec![7]]);
}

#[test]
fn each_key_has_its_own_error_which_is_not_kept() {
    let _scope = testing::isolate();
    let even = |id: u32| Err(format!("{id} is even"));
    assert_eq!(odd(&[1, 2, 3, 2]), [Ok(10), even(2), Ok(30), even(2)]);
    assert_eq!(odd(&[3, 2, 1]), [Ok(30), even(2), Ok(10)]);
    assert_eq!(runs(), [vec![1, 2, 3], vec![2]]);
    assert_eq!((odd::load(2), odd::load(1)), (even(2), Ok(10)));
    let info = odd::cache_info();
    assert_eq!((info.loads, info.load_failures, info.len), (2, 3, 2));
}

/// An error that cannot be cloned: nobody else can be told.
#[derive(Debug, PartialEq)]
struct Own(u32);

#[memoize(batch)]
fn own_errors(ids: &[u32]) -> Vec<Result<u32, Own>> {
    asked(ids);
    ids.iter().map(|&id| Err(Own(id))).collect()
}

#[test]
fn who_cannot_be_told_an_error_tries_for_himself() {
    let _scope = testing::isolate();
    assert_eq!(own_errors(&[1, 1, 2]), [Err(Own(1)), Err(Own(1)), Err(Own(2))]);
    assert_eq!(runs(), [vec![1, 2], vec![1]]);
}

type Answer<T> = Result<T, DbError>;

#[derive(Clone, Debug, PartialEq)]
enum DbError {
    Down,
    Length(BatchLengthError),
}

impl From<BatchLengthError> for DbError {
    fn from(wrong: BatchLengthError) -> Self {
        Self::Length(wrong)
    }
}

#[memoize(batch, max_batch = 2)]
fn rows(ids: &[u32]) -> Answer<BTreeMap<u32, u32>> {
    asked(ids);
    if ids.contains(&13) { Err(DbError::Down) } else { Ok(ids.iter().map(|&id| (id, id)).collect()) }
}

#[test]
fn a_run_that_fails_fails_the_call_and_keeps_what_came_before() {
    let _scope = testing::isolate();
    assert_eq!(rows(&[1, 2, 13, 4, 5]), Err(DbError::Down));
    assert_eq!(runs(), [[1, 2], [13, 4]]);
    assert!(rows::contains(1) && rows::contains(2) && !rows::contains(4));
    assert_eq!(rows(&[2, 1]).unwrap().into_keys().collect::<Vec<_>>(), [1, 2]);
    assert_eq!((rows::load(13), rows::load(1)), (Err(DbError::Down), Ok(Some(1))));
}

#[memoize(batch)]
fn short_rows(ids: &[u32]) -> Answer<Vec<u32>> {
    Ok(ids[1..].to_vec())
}

#[memoize(batch)]
fn long_items(ids: &[u32]) -> Vec<Result<u32, DbError>> {
    ids.iter().chain(ids).map(|&id| Ok(id)).collect()
}

#[memoize(batch)]
fn short_plain(ids: &[u32]) -> Vec<u32> {
    ids[1..].to_vec()
}

#[memoize(batch)]
fn short_elsewhere(ids: &[u32]) -> Result<Vec<u32>, String> {
    Ok(ids[1..].to_vec())
}

#[test]
fn a_wrong_length_is_everybodys_error_and_names_both() {
    let _scope = testing::isolate();
    let Err(DbError::Length(wrong)) = short_rows(&[1, 2, 3]) else { panic!() };
    assert_eq!((wrong.keys(), wrong.answers()), (3, 2));
    assert!(wrong.to_string().contains('3') && wrong.to_string().contains('2'), "{wrong}");
    assert!(matches!(short_rows::load(1), Err(DbError::Length(_))));
    let all = long_items(&[1, 2]);
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|item| matches!(item, Err(DbError::Length(wrong)) if wrong.answers() == 4)));
    assert_eq!((short_rows::cache_info().len, long_items::cache_info().len), (0, 0));
    for call in [|| drop(short_plain(&[1, 2, 3])), || drop(short_elsewhere(&[1, 2, 3]))] {
        let panic = std::panic::catch_unwind(call).unwrap_err();
        let text = panic.downcast_ref::<String>().unwrap();
        assert!(text.contains("3 keys") && text.contains("2 values"), "{text}");
    }
    assert_eq!(short_plain::cache_info().load_failures, 3);
}

#[memoize(batch, max = 2, policy = lru)]
fn texts(names: &[String]) -> HashMap<String, usize> {
    names.iter().map(|name| (name.clone(), name.len())).collect()
}

#[memoize(batch)]
fn roots(numbers: &[f64]) -> Vec<f64> {
    numbers.iter().map(|number| number.sqrt()).collect()
}

#[test]
fn keys_are_of_any_type_that_a_function_may_have() {
    let _scope = testing::isolate();
    let names: Vec<String> = ["a", "bb", "ccc"].map(str::to_owned).to_vec();
    assert_eq!(texts(&names)["ccc"], 3);
    assert_eq!(texts::cache_info().len, 2, "bounded as any cache");
    assert_eq!(texts::load("bb".to_owned()), Some(2));
    assert!(texts::cache().contains("bb"));
    assert_eq!(roots(&[4.0, -0.0, 0.0, 4.0]), [2.0, 0.0, 0.0, 2.0]);
    assert_eq!(roots::cache_info().misses, 2);
}

struct Pool {
    number: u32,
}

#[memoize(batch, skip(pool, log), window = 1h, max_batch = 2)]
fn with_pool(pool: &Pool, ids: &[u32], log: Arc<Mutex<Vec<u32>>>) -> Vec<u32> {
    log.lock().unwrap().push(ids.len() as u32);
    ids.iter().map(|id| id + pool.number).collect()
}

#[test]
fn skipped_arguments_reach_the_body() {
    let _scope = testing::isolate();
    let log = Arc::default();
    assert_eq!(with_pool(&Pool { number: 100 }, &[1, 2, 3], Arc::clone(&log)), [101, 102, 103]);
    assert_eq!(*log.lock().unwrap(), [2, 1]);
}

#[test]
fn single_loads_share_a_run_only_with_the_same_skipped_arguments() {
    let scope = testing::isolate();
    let (one, two) = (Pool { number: 100 }, Pool { number: 200 });
    let (log_one, log_two) = (Arc::default(), Arc::default());
    let start = Barrier::new(4);
    std::thread::scope(|threads| {
        let loads = [(&one, &log_one, 1), (&two, &log_two, 2), (&one, &log_one, 3), (&two, &log_two, 4)];
        let loads = loads.map(|(pool, log, id)| {
            let start = &start;
            threads.spawn(scope.wrap(move || {
                start.wait();
                with_pool::load(pool, id, Arc::clone(log))
            }))
        });
        let loaded = loads.map(|thread| thread.join().unwrap());
        assert_eq!(loaded, [101, 202, 103, 204]);
    });
    // The window is an hour: each pair went when it was full.
    assert_eq!((log_one.lock().unwrap().clone(), log_two.lock().unwrap().clone()), (vec![2], vec![2]));
}

#[memoize(batch, max_batch = 8, window = 1h)]
fn gathered(ids: &[u32]) -> Vec<Result<u32, Own>> {
    RUNS.lock().unwrap().push(ids.to_vec());
    ids.iter().map(|&id| if id == 5 { Err(Own(id)) } else { Ok(id * 2) }).collect()
}

#[test]
fn threads_that_load_one_key_each_share_a_run() {
    let scope = testing::isolate();
    let threads = (0..8).map(|id| std::thread::spawn(scope.wrap(move || gathered::load(id))));
    for (id, thread) in threads.collect::<Vec<_>>().into_iter().enumerate() {
        let id = id as u32;
        let expected = if id == 5 { Err(Own(5)) } else { Ok(id * 2) };
        assert_eq!(thread.join().unwrap(), expected, "its own answer or its own error");
    }
    let mut runs = std::mem::take(&mut *RUNS.lock().unwrap());
    assert_eq!(runs.len(), 1);
    runs[0].sort_unstable();
    assert_eq!(runs[0], (0..8).collect::<Vec<_>>());
    let info = gathered::cache_info();
    assert_eq!((info.batches, info.misses, info.loads, info.load_failures), (1, 8, 7, 1));
}

#[test]
fn a_load_alone_goes_when_its_window_is_over() {
    let _scope = testing::isolate();
    assert_eq!(squares::load(9), 81);
    assert_eq!(squares::load(9), 81);
    assert_eq!(runs(), [[9]]);
}

#[test]
fn a_slice_and_a_load_share_what_is_running() {
    static STARTED: Barrier = Barrier::new(2);
    static GO_ON: Barrier = Barrier::new(2);
    static BODIES: AtomicU32 = AtomicU32::new(0);
    #[memoize(batch)]
    fn slow(ids: &[u32]) -> Vec<u32> {
        BODIES.fetch_add(1, Ordering::Relaxed);
        STARTED.wait();
        GO_ON.wait();
        ids.to_vec()
    }
    let scope = testing::isolate();
    let slice = std::thread::spawn(scope.wrap(|| slow(&[1, 2])));
    STARTED.wait();
    let load = std::thread::spawn(scope.wrap(|| slow::load(2)));
    // An invalidation wins for its key alone, and who calls after it begins anew.
    assert!(!slow::invalidate(1));
    GO_ON.wait();
    assert_eq!(slice.join().unwrap(), [1, 2]);
    assert_eq!(load.join().unwrap(), 2);
    assert_eq!(BODIES.load(Ordering::Relaxed), 1);
    assert!(!slow::contains(1) && slow::contains(2));
}

#[memoize(batch)]
fn forgetful(ids: &[u32]) -> Vec<u32> {
    forgetful::invalidate(ids[0]);
    ids.to_vec()
}

#[memoize(batch)]
fn circular(ids: &[u32]) -> Vec<u32> {
    if ids.contains(&1) { circular(&[7, 1]) } else { ids.to_vec() }
}

#[memoize(batch)]
fn revoked_circle(ids: &[u32]) -> Vec<u32> {
    revoked_circle::clear();
    revoked_circle(ids)
}

#[memoize(batch)]
fn tree(ids: &[u32]) -> Vec<u32> {
    let children: Vec<u32> = ids.iter().filter(|id| **id > 0).map(|id| id - 1).collect();
    let below = tree(&children);
    let sum: u32 = below.iter().sum();
    ids.iter().map(|id| id + sum).collect()
}

#[test]
fn bodies_may_call_back() {
    let _scope = testing::isolate();
    assert_eq!(forgetful(&[1, 2]), [1, 2]);
    assert!(!forgetful::contains(1) && forgetful::contains(2));
    assert_eq!(tree(&[3]), [6]);
    for circle in [|| drop(circular(&[1, 2])), || drop(revoked_circle(&[1, 2]))] {
        let panic = std::panic::catch_unwind(circle).unwrap_err();
        let text = panic.downcast_ref::<String>().unwrap();
        assert!(text.starts_with("cyclic memoized call: "), "{text}");
        assert!(text.contains("([1, 2]) -> "), "{text}");
    }
    assert_eq!(circular(&[7]), [7], "nothing is left behind");
}

#[test]
fn a_panic_is_its_callers_and_the_keys_work_afterwards() {
    static ARMED: AtomicU32 = AtomicU32::new(1);
    #[memoize(batch, max_batch = 2, window = 1h)]
    fn fragile(ids: &[u32]) -> Vec<u32> {
        assert_eq!(ARMED.swap(0, Ordering::Relaxed), 0, "armed");
        ids.to_vec()
    }
    let scope = testing::isolate();
    assert!(std::panic::catch_unwind(|| fragile(&[1, 2, 3])).is_err());
    assert_eq!(fragile(&[1, 2, 3]), [1, 2, 3]);
    ARMED.store(1, Ordering::Relaxed);
    let threads = [4, 5].map(|id| std::thread::spawn(scope.wrap(move || fragile(&[id, id + 10])[0])));
    let results = threads.map(|thread| thread.join());
    assert_eq!(results.iter().filter(|result| result.is_err()).count(), 1);
}
