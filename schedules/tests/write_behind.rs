//! Writes that are accepted while others are on their way, are tried again, or are the last ones.
#![cfg(shuttle)]

use std::sync::Arc;

use cached_core::write_behind::{Retry, WhenFull};
use cached_core::{WriteBehind, memoize, testing};
use schedules::{block_on, explore, pause};
use shuttle::sync::Mutex;
use shuttle::sync::atomic::{AtomicU64, Ordering};
use shuttle::thread;

/// Keys, and what is written under them: first 1, then 2, and so on.
type Writes = WriteBehind<u8, u64, ()>;

/// What a sink has been given with success, in that order.
#[derive(Clone, Default)]
struct Table {
    rows: Arc<Mutex<Vec<(u8, u64)>>>,
    inside: Arc<AtomicU64>,
    calls: Arc<AtomicU64>,
}

impl Table {
    /// A sink that fails so many times at first.
    fn store(&self, batch: &[(u8, u64)], failures: u64) -> Result<(), ()> {
        assert_eq!(self.inside.fetch_add(1, Ordering::SeqCst), 0, "one batch at a time");
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        pause();
        self.inside.store(0, Ordering::SeqCst);
        if call < failures {
            return Err(());
        }
        self.rows.lock().unwrap().extend(batch);
        Ok(())
    }

    /// The last value of a key. Those before it came in their order.
    fn last(&self, key: u8) -> Option<u64> {
        let rows: Vec<_> =
            self.rows.lock().unwrap().iter().filter(|row| row.0 == key).map(|row| row.1).collect();
        assert!(rows.is_sorted_by(|one, next| one < next), "{rows:?}");
        rows.last().copied()
    }
}

/// Goes by a clock that stands still: what is written is written because there is enough of it, or somebody flushes.
fn writes(table: &Table, failures: u64, capacity: usize) -> Arc<Writes> {
    let table = table.clone();
    let builder = WriteBehind::builder(move |batch: &[(u8, u64)]| table.store(batch, failures));
    let retry = Retry::attempts(3).backoff(std::time::Duration::ZERO, std::time::Duration::ZERO);
    Arc::new(builder.max_batch(2).capacity(capacity).retry(retry).build())
}

fn spawn(scope: &testing::Scope, run: impl FnOnce() + Send + 'static) -> thread::JoinHandle<()> {
    thread::spawn(scope.wrap(run))
}

fn write_all(writes: &Writes, key: u8) {
    for value in 1..=3 {
        writes.write(key, value).unwrap();
    }
}

/// Each key has one writer, whose writes are coalesced while others of it are in the sink's hands.
fn what_was_accepted_is_written(failures: u64, capacity: usize) {
    let scope = testing::isolate();
    let table = Table::default();
    let writes = writes(&table, failures, capacity);
    let writer = |key| {
        let (writes, table) = (Arc::clone(&writes), table.clone());
        move || {
            write_all(&writes, key);
            if key == 0 {
                writes.flush().unwrap();
                assert_eq!(table.last(key), Some(3), "a flush has returned");
            }
        }
    };
    let threads = [spawn(&scope, writer(0)), spawn(&scope, writer(1))];
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let info = writes.info();
    assert_eq!((info.accepted, info.dead), (6, 0), "{info}");
    assert_eq!(info.written + info.coalesced + info.pending, 6, "{info}");
    // The last who has it writes the rest.
    drop(writes);
    assert_eq!((table.last(0), table.last(1)), (Some(3), Some(3)));
}

#[test]
fn writers_and_a_flush() {
    explore(|| what_was_accepted_is_written(0, 100));
}

#[test]
fn writers_that_wait_for_room() {
    explore(|| what_was_accepted_is_written(0, 2));
}

#[test]
fn a_sink_that_fails_and_is_tried_again() {
    explore(|| what_was_accepted_is_written(2, 3));
}

#[test]
fn a_sink_that_fails_for_good() {
    explore(|| {
        let scope = testing::isolate();
        let table = Table::default();
        let writes = writes(&table, u64::MAX, 2);
        let writer = |key| {
            let writes = Arc::clone(&writes);
            move || {
                writes.write(key, 1).unwrap();
                writes.write(key, 2).unwrap();
                // An error where they have not died before that.
                let _ = writes.flush();
            }
        };
        let threads = [spawn(&scope, writer(0)), spawn(&scope, writer(1))];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let info = writes.info();
        assert_eq!((info.accepted, info.written, info.pending), (4, 0, 0), "{info}");
        assert_eq!(info.dead + info.coalesced, 4, "nothing is dropped in silence: {info}");
        assert_eq!(writes.take_dead_letters().len() as u64, info.dead);
    });
}

/// Dropped while the worker writes, or waits for another attempt, or for something to do.
#[test]
fn the_last_writes() {
    explore(|| {
        let scope = testing::isolate();
        let table = Table::default();
        let writes = writes(&table, 1, 2);
        let others = Arc::clone(&writes);
        let threads =
            [spawn(&scope, move || write_all(&writes, 0)), spawn(&scope, move || write_all(&others, 1))];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(
            (table.last(0), table.last(1)),
            (Some(3), Some(3)),
            "whoever was last has waited for that"
        );
    });
}

/// Tasks that flush, and a write that finds no room.
#[test]
fn tasks_that_flush() {
    explore(|| {
        let scope = testing::isolate();
        let table = Table::default();
        let sink = table.clone();
        let builder = WriteBehind::builder(move |batch: &[(u8, u64)]| sink.store(batch, 0));
        let writes: Arc<Writes> = Arc::new(builder.capacity(2).when_full(WhenFull::Error).build());
        let flush = |key| {
            let (writes, table) = (Arc::clone(&writes), table.clone());
            move || {
                if writes.write(key, 1).is_ok() {
                    block_on(writes.flush_async()).unwrap();
                    assert_eq!(table.last(key), Some(1));
                }
            }
        };
        let threads = [0, 1, 2].map(|key| spawn(&scope, flush(key)));
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let info = writes.info();
        assert_eq!((info.accepted + info.rejected, info.pending), (3, 0), "{info}");
    });
}

#[memoize]
fn balance(_account: u8) -> u64 {
    0
}

/// Writers of one key, in a cache: what that says in the end is what the sink has.
#[test]
fn the_cache_says_what_was_written_last() {
    explore(|| {
        let scope = testing::isolate();
        let rows = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&rows);
        let sink = move |batch: &[(u8, u64)]| {
            sink.lock().unwrap().extend_from_slice(batch);
            Ok::<(), ()>(())
        };
        let writes = Arc::new(WriteBehind::builder(sink).max_batch(1).cache(balance::cache()).build());
        let threads = [1, 2, 3].map(|value| {
            let writes = Arc::clone(&writes);
            spawn(&scope, move || writes.write(0, value).unwrap())
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        writes.flush().unwrap();
        let last = rows.lock().unwrap().last().map(|row| row.1);
        // Where the last write had left already, it is to be read again.
        assert!(!balance::contains(0) || Some(balance(0)) == last, "{last:?}");
    });
}
