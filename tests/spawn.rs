//! Reloads of asynchronous functions in tasks of their own: how they are spawned is said once for a process, so this is one.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cached_core::runtime::{self, Task};
use cached_core::{memoize, testing};

static TASKS: Mutex<Vec<Task>> = Mutex::new(Vec::new());
static RUNS: AtomicU64 = AtomicU64::new(0);

#[memoize(ttl = 60s, refresh_after = 30s)]
async fn page(n: u64) -> Result<u64, String> {
    let run = RUNS.fetch_add(1, Ordering::SeqCst);
    if run == 2 { Err("the third run fails".to_owned()) } else { Ok(n + run) }
}

#[test]
fn an_old_value_is_answered_at_once_and_reloaded_by_a_task() {
    assert!(runtime::set_spawn(|task| TASKS.lock().unwrap().push(task)));
    assert!(!runtime::set_spawn(|_| panic!("the first counts")));
    let scope = testing::isolate();
    let call = || pollster::block_on(page(10));
    let spawned = || std::mem::take(&mut *TASKS.lock().unwrap());
    assert_eq!(call(), Ok(10));

    scope.advance(Duration::from_secs(30));
    (0..5).for_each(|_| assert_eq!(call(), Ok(10)));
    let tasks = spawned();
    assert_eq!((tasks.len(), RUNS.load(Ordering::SeqCst)), (1, 1), "one task, which has not begun");
    tasks.into_iter().for_each(pollster::block_on);
    assert_eq!(call(), Ok(11));

    // One that fails brakes, and so does one that is dropped.
    scope.advance(Duration::from_secs(30));
    assert_eq!(call(), Ok(11));
    spawned().into_iter().for_each(pollster::block_on);
    assert_eq!((call(), spawned().len()), (Ok(11), 0));
    scope.advance(Duration::from_secs(1));
    assert_eq!(call(), Ok(11));
    drop(spawned());
    assert_eq!((call(), spawned().len()), (Ok(11), 0));
    scope.advance(Duration::from_secs(1));
    assert_eq!(call(), Ok(11));
    spawned().into_iter().for_each(pollster::block_on);
    assert_eq!(call(), Ok(13));
    let info = page::cache_info();
    assert_eq!((info.misses, info.loads, info.load_failures, info.refreshes), (1, 3, 1, 3));
}
