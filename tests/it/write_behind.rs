//! `WriteBehind`: accepted at once, written later.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use cached_core::write_behind::{Failure, Retry, WhenFull, WriteErrorKind};
use cached_core::{WriteBehind, memoize, testing};

type Batch = Vec<(u32, i64)>;
const SECOND: Duration = Duration::from_secs(1);

/// A sink that shows each batch, and waits for what it is to return.
fn sink()
-> (impl FnMut(&[(u32, i64)]) -> Result<(), String> + Send, Receiver<Batch>, Sender<Result<(), String>>) {
    let ((show, shown), (tell, told)) = (channel(), channel());
    let sink = move |batch: &[(u32, i64)]| {
        show.send(batch.to_vec()).unwrap();
        told.recv().unwrap()
    };
    (sink, shown, tell)
}

#[test]
fn a_batch_goes_when_its_oldest_write_has_waited_for_the_interval() {
    let scope = testing::isolate();
    let (sink, shown, tell) = sink();
    let writer = WriteBehind::builder(sink).interval(10 * SECOND).build();
    writer.write(1, 10).unwrap();
    scope.advance(6 * SECOND);
    writer.write(2, 20).unwrap();
    assert_eq!(writer.info().pending, 2);
    assert!(shown.try_recv().is_err());
    scope.advance(4 * SECOND);
    assert_eq!(shown.recv().unwrap(), [(1, 10), (2, 20)]);
    tell.send(Ok(())).unwrap();
    writer.flush().unwrap();
    let info = writer.info();
    assert_eq!((info.accepted, info.written, info.pending, info.batches), (2, 2, 0, 1));
    assert_eq!(info.to_string(), "accepted=2 written=2 pending=0 batches=1");
}

#[test]
fn a_batch_goes_when_it_is_full_and_holds_each_key_once() {
    let _scope = testing::isolate();
    let (sink, shown, tell) = sink();
    let writer = WriteBehind::builder(sink).max_batch(3).build();
    for (key, value) in [(1, 10), (2, 20), (1, 11)] {
        writer.write(key, value).unwrap();
    }
    // While it is under way, a later write of its key waits for the next batch.
    assert_eq!(shown.recv().unwrap(), [(1, 11), (2, 20)]);
    for (key, value) in [(1, 12), (3, 30), (1, 13), (4, 40), (5, 50), (1, 14)] {
        writer.write(key, value).unwrap();
    }
    assert_eq!((writer.pending(&1), writer.pending(&2), writer.pending(&9)), (Some(14), Some(20), None));
    tell.send(Ok(())).unwrap();
    assert_eq!(shown.recv().unwrap(), [(1, 13), (3, 30), (4, 40)]);
    assert_eq!(writer.pending(&2), None, "it is in the sink");
    (0..2).for_each(|_| tell.send(Ok(())).unwrap());
    writer.flush().unwrap();
    assert_eq!(shown.recv().unwrap(), [(5, 50), (1, 14)]);
    let info = writer.info();
    assert_eq!((info.accepted, info.written, info.coalesced, info.batches), (9, 7, 2, 3));
}

#[test]
fn dropping_it_writes_what_is_pending() {
    let _scope = testing::isolate();
    let (sink, shown, tell) = sink();
    let writer = WriteBehind::builder(sink).build();
    writer.write(1, 10).unwrap();
    tell.send(Ok(())).unwrap();
    drop(writer);
    assert_eq!(shown.recv().unwrap(), [(1, 10)]);
}

#[test]
fn where_there_is_no_room_a_write_comes_back() {
    let _scope = testing::isolate();
    let (sink, shown, tell) = sink();
    let writer = WriteBehind::builder(sink).capacity(2).when_full(WhenFull::Error).build();
    writer.write(1, 10).unwrap();
    writer.write(1, 11).unwrap();
    let error = writer.write(3, 30).unwrap_err();
    assert_eq!((error.kind(), error.key(), error.value()), (&WriteErrorKind::Full, &3, &30));
    tell.send(Ok(())).unwrap();
    writer.flush().unwrap();
    writer.write(3, 30).unwrap();
    assert_eq!(shown.recv().unwrap(), [(1, 11)]);
    assert_eq!((writer.info().rejected, writer.info().pending), (1, 1));
    tell.send(Ok(())).unwrap();
}

#[test]
fn where_there_is_no_room_a_write_waits() {
    let scope = testing::isolate();
    let (sink, shown, tell) = sink();
    let writer = Arc::new(WriteBehind::builder(sink).capacity(1).max_batch(1).build());
    writer.write(1, 10).unwrap();
    assert_eq!(shown.recv().unwrap(), [(1, 10)]);
    let (begun, begin) = channel();
    let other = {
        let writer = Arc::clone(&writer);
        std::thread::spawn(scope.wrap(move || {
            begun.send(()).unwrap();
            writer.write(2, 20).unwrap();
        }))
    };
    begin.recv().unwrap();
    assert_eq!(writer.info().accepted, 1);
    (0..2).for_each(|_| tell.send(Ok(())).unwrap());
    other.join().unwrap();
    assert_eq!(shown.recv().unwrap(), [(2, 20)]);
}

#[test]
fn a_batch_that_fails_is_tried_again_after_a_while() {
    let scope = testing::isolate();
    let (sink, shown, tell) = sink();
    let retry = Retry::attempts(3).backoff(SECOND, 60 * SECOND).jitter(0.5);
    let writer = WriteBehind::builder(sink).max_batch(2).retry(retry).build();
    writer.write(1, 10).unwrap();
    writer.write(2, 20).unwrap();
    for wait in [1, 2] {
        assert_eq!(shown.recv().unwrap(), [(1, 10), (2, 20)]);
        tell.send(Err("busy".to_owned())).unwrap();
        wait_for(|| writer.info().failures == wait);
        scope.advance(SECOND * wait as u32);
    }
    assert_eq!(shown.recv().unwrap(), [(1, 10), (2, 20)]);
    tell.send(Ok(())).unwrap();
    writer.flush().unwrap();
    let info = writer.info();
    assert_eq!((info.failures, info.batches, info.written, info.dead), (2, 1, 2, 0));
}

/// Lets other threads go on until it is so.
fn wait_for(is_so: impl Fn() -> bool) {
    while !is_so() {
        std::thread::yield_now();
    }
}

#[test]
fn what_fails_for_good_is_a_dead_letter_and_the_rest_of_its_batch_is_not() {
    static TOLD: Mutex<Vec<u32>> = Mutex::new(Vec::new());
    let _scope = testing::isolate();
    let sink = |batch: &[(u32, i64)]| match batch.iter().find(|(_, value)| *value < 0) {
        Some((key, -1)) => panic!("{key} is cursed"),
        Some((key, _)) => Err(format!("{key} is poison")),
        None => Ok(()),
    };
    let retry = Retry::attempts(2).backoff(Duration::ZERO, Duration::ZERO);
    let writer = WriteBehind::builder(sink)
        .retry(retry)
        .on_dead(|letter| TOLD.lock().unwrap().push(*letter.key()))
        .build();
    for (key, value) in [(1, 10), (2, -2), (3, 30), (4, -1)] {
        writer.write(key, value).unwrap();
    }
    let error = writer.flush().unwrap_err();
    assert_eq!((error.dead(), writer.dead_letters()), (2, 2));
    assert_eq!(error.to_string(), "2 writes failed for good: see the dead letters");
    let letters = writer.take_dead_letters();
    let seen: Vec<_> =
        letters.iter().map(|letter| (*letter.key(), *letter.value(), letter.failure().clone())).collect();
    let poison = Failure::Error("2 is poison".to_owned());
    assert_eq!(seen, [(2, -2, poison), (4, -1, Failure::Panicked("4 is cursed".to_owned()))]);
    assert_eq!(*TOLD.lock().unwrap(), [2, 4]);
    assert_eq!(writer.dead_letters(), 0);
    let info = writer.info();
    assert_eq!((info.written, info.dead, info.pending), (2, 2, 0));
    writer.write(5, 50).unwrap();
    assert_eq!(writer.flush(), Ok(()), "the worker goes on");
}

#[test]
fn asynchronous_sinks_are_waited_for() {
    let _scope = testing::isolate();
    let stored: Arc<Mutex<HashMap<u32, i64>>> = Arc::default();
    let into = Arc::clone(&stored);
    let writer = WriteBehind::builder_async(move |batch: Vec<(u32, i64)>| {
        let into = Arc::clone(&into);
        async move {
            smol::future::yield_now().await;
            into.lock().unwrap().extend(batch);
            Ok::<(), String>(())
        }
    })
    .build();
    writer.write(1, 10).unwrap();
    writer.write(2, 20).unwrap();
    writer.flush().unwrap();
    assert_eq!(*stored.lock().unwrap(), HashMap::from([(1, 10), (2, 20)]));
}

static TABLE: Mutex<Option<HashMap<u32, i64>>> = Mutex::new(None);

/// What the function reads: the writer first, then the table.
type Writer = WriteBehind<u32, i64, String>;
static WRITER: Mutex<Option<Arc<Writer>>> = Mutex::new(None);

#[memoize(max = 2, policy = lru)]
fn balance(account: u32) -> i64 {
    let writer = WRITER.lock().unwrap().clone().expect("it is there");
    writer
        .pending(&account)
        .unwrap_or_else(|| *TABLE.lock().unwrap().as_ref().unwrap().get(&account).unwrap_or(&0))
}

#[test]
fn reads_through_the_function_see_what_was_written() {
    let _scope = testing::isolate();
    let ((show, shown), (tell, told)) = (channel(), channel::<()>());
    let sink = move |batch: &[(u32, i64)]| {
        show.send(()).unwrap();
        told.recv().unwrap();
        if batch.iter().any(|(_, value)| *value < 0) {
            return Err("overdrawn".to_owned());
        }
        TABLE.lock().unwrap().get_or_insert_default().extend(batch.iter().copied());
        Ok(())
    };
    let writer = WriteBehind::builder(sink).cache(balance::cache()).retry(Retry::never()).build();
    let writer = Arc::new(writer);
    *WRITER.lock().unwrap() = Some(Arc::clone(&writer));
    *TABLE.lock().unwrap() = Some(HashMap::from([(1, 1)]));
    assert_eq!(balance(1), 1);
    writer.write(1, 10).unwrap();
    assert_eq!((balance(1), balance::cache_info().misses), (10, 1));
    // Evicted before it was written: the body finds what is on its way.
    balance(7);
    balance(8);
    assert!(!balance::contains(1));
    assert_eq!(balance(1), 10);
    assert_eq!(TABLE.lock().unwrap().as_ref().unwrap()[&1], 1);
    tell.send(()).unwrap();
    writer.flush().unwrap();
    shown.recv().unwrap();
    balance::clear();
    assert_eq!(balance(1), 10);
    // What dies is forgotten.
    writer.write(1, -5).unwrap();
    assert_eq!(balance(1), -5);
    tell.send(()).unwrap();
    assert_eq!(writer.flush().unwrap_err().dead(), 1);
    assert_eq!(balance(1), 10);
    *WRITER.lock().unwrap() = None;
}

#[test]
fn writes_of_a_key_arrive_in_their_order_whoever_writes_the_others() {
    let scope = testing::isolate();
    let seen: Arc<Mutex<HashMap<u32, Vec<i64>>>> = Arc::default();
    let into = Arc::clone(&seen);
    let failures = AtomicU32::new(0);
    let sink = move |batch: &[(u32, i64)]| {
        if failures.fetch_add(1, Ordering::Relaxed) % 3 == 2 {
            return Err("now and then".to_owned());
        }
        let mut seen = into.lock().unwrap();
        batch.iter().for_each(|(key, value)| seen.entry(*key).or_default().push(*value));
        Ok(())
    };
    let retry = Retry::attempts(9).backoff(Duration::ZERO, Duration::ZERO);
    let writer =
        WriteBehind::builder(sink).max_batch(5).capacity(20).interval(Duration::ZERO).retry(retry).build();
    let start = Barrier::new(4);
    std::thread::scope(|threads| {
        for thread in 0..4 {
            let (writer, start) = (&writer, &start);
            threads.spawn(scope.wrap(move || {
                start.wait();
                for n in 0..500 {
                    writer.write(thread * 10 + (n % 3) as u32, n).unwrap();
                }
            }));
        }
    });
    writer.flush().unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 12);
    for (key, values) in seen.iter() {
        assert!(values.is_sorted_by(|a, b| a < b), "key {key}: {values:?}");
        assert!(*values.last().unwrap() >= 497);
    }
    let info = writer.info();
    assert_eq!((info.accepted, info.written + info.coalesced, info.dead), (2000, 2000, 0));
}

#[memoize]
fn raced(key: u32) -> i64 {
    let writer = RACED.lock().unwrap().clone().expect("it is there");
    writer.pending(&key).unwrap_or_else(|| *RACED_TABLE.lock().unwrap().get(&key).unwrap_or(&0))
}

static RACED: Mutex<Option<Arc<WriteBehind<u32, i64, String>>>> = Mutex::new(None);
static RACED_TABLE: Mutex<std::collections::BTreeMap<u32, i64>> =
    Mutex::new(std::collections::BTreeMap::new());

#[test]
fn the_cache_ends_with_what_the_sink_ends_with() {
    let scope = testing::isolate();
    let sink = |batch: &[(u32, i64)]| {
        RACED_TABLE.lock().unwrap().extend(batch.iter().copied());
        Ok(())
    };
    let writer = WriteBehind::builder(sink).interval(Duration::ZERO).cache(raced::cache()).build();
    let writer = Arc::new(writer);
    *RACED.lock().unwrap() = Some(Arc::clone(&writer));
    for round in 0..300_i64 {
        std::thread::scope(|threads| {
            for thread in 0..3 {
                let writer = &writer;
                threads.spawn(scope.wrap(move || {
                    for n in 0..4 {
                        writer.write(1, round * 100 + thread * 10 + n).unwrap();
                    }
                    raced(1)
                }));
            }
        });
        writer.flush().unwrap();
        assert_eq!(raced(1), RACED_TABLE.lock().unwrap()[&1]);
    }
    *RACED.lock().unwrap() = None;
}

/// A write in a journal: a key of four bytes and a value of eight.
fn encode(key: &u32, value: &i64) -> Vec<u8> {
    [&key.to_le_bytes()[..], &value.to_le_bytes()].concat()
}

fn decode(bytes: &[u8]) -> Option<(u32, i64)> {
    let (key, value) = bytes.split_at_checked(4)?;
    Some((u32::from_le_bytes(key.try_into().ok()?), i64::from_le_bytes(value.try_into().ok()?)))
}

#[test]
fn a_journal_keeps_what_is_not_written_and_what_is_dead() {
    let _scope = testing::isolate();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let fails = |_: &[(u32, i64)]| Err("no".to_owned());
    let writer =
        WriteBehind::builder(fails).retry(Retry::never()).journal(&path, encode, decode).unwrap().build();
    writer.write(1, 10).unwrap();
    writer.write(2, 20).unwrap();
    assert_eq!(writer.flush().unwrap_err().dead(), 2);
    drop(writer);
    let (sink, shown, tell) = sink();
    let writer = WriteBehind::builder(sink).journal(&path, encode, decode).unwrap().build();
    assert_eq!((writer.dead_letters(), writer.info().accepted), (2, 0));
    let letters = writer.take_dead_letters();
    assert_eq!((*letters[1].key(), *letters[1].value(), letters[1].failure()), (2, 20, &Failure::Earlier));
    writer.write(3, 30).unwrap();
    tell.send(Ok(())).unwrap();
    drop(writer);
    assert_eq!(shown.recv().unwrap(), [(3, 30)]);
    let (sink, shown, _tell) = self::sink();
    let writer = WriteBehind::builder(sink).journal(&path, encode, decode).unwrap().build();
    assert_eq!((writer.dead_letters(), writer.info().accepted), (0, 0));
    drop(writer);
    assert!(shown.recv().is_err(), "all was written");
    let undecodable =
        WriteBehind::builder(|_: &[(u32, i64)]| Ok::<(), ()>(())).journal(folder.path(), encode, decode);
    let reason = undecodable.unwrap_err().to_string();
    assert!(reason.starts_with("the journal ") && reason.contains(" cannot be opened: "), "{reason}");
}
