//! `WriteBehind` at its ends: the least room, user code that panics on its thread, sinks that need the thread that flushes, journals that are
//! not what they should be.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cached_core::write_behind::{JournalError, Retry, WriteErrorKind};
use cached_core::{WriteBehind, testing};

type Writer = WriteBehind<u32, i64, String>;

fn fine(_: &[(u32, i64)]) -> Result<(), String> {
    Ok(())
}

#[test]
fn a_batch_goes_when_there_is_no_room_for_more_whatever_its_size_may_be() {
    // The clock stands still: no interval is ever over.
    let _scope = testing::isolate();
    let writer = WriteBehind::builder(fine).capacity(4).max_batch(100).build();
    for key in 0..50 {
        writer.write(key, 1).unwrap();
    }
    writer.flush().unwrap();
    assert_eq!(writer.info().written, 50);
}

#[test]
fn an_endless_interval_and_none_at_all() {
    let endless = WriteBehind::builder(fine).interval(Duration::MAX).build();
    endless.write(1, 1).unwrap();
    endless.flush().unwrap();
    let none = WriteBehind::builder(fine).interval(Duration::ZERO).max_batch(1).capacity(1).build();
    (0..100).for_each(|n| none.write(n % 3, 1).unwrap());
    none.flush().unwrap();
    assert_eq!((none.info().written, none.info().batches), (100, 100));
}

/// Every other one panics when it is dropped, but for those that are dropped on the test's thread.
#[derive(Clone)]
struct Fragile(Arc<AtomicU32>);

impl Drop for Fragile {
    fn drop(&mut self) {
        let is_worker = std::thread::current().name() == Some("write-behind");
        assert!(!is_worker || self.0.fetch_add(1, Ordering::Relaxed) % 2 == 0, "dropped");
    }
}

#[test]
fn values_that_panic_when_they_are_dropped_do_not_end_the_worker() {
    let _scope = testing::isolate();
    let writer = WriteBehind::builder(|_: &[(u32, Fragile)]| Ok::<(), String>(())).build();
    let drops = Arc::default();
    for round in 1..4 {
        for key in 0..5 {
            writer.write(key, Fragile(Arc::clone(&drops))).unwrap();
        }
        writer.flush().unwrap();
        assert_eq!((writer.info().written, writer.info().failures), (round * 5, 0));
    }
}

#[test]
fn a_sink_may_write_and_even_drop_its_own_writer() {
    let _scope = testing::isolate();
    let own: Arc<Mutex<Option<Writer>>> = Arc::default();
    let (taken, (show, shown)) = (Arc::clone(&own), channel());
    let writer = WriteBehind::builder(move |batch: &[(u32, i64)]| {
        if let Some(writer) = taken.lock().unwrap().take() {
            assert!(matches!(writer.write(2, 20), Err(error) if *error.kind() == WriteErrorKind::Full));
            let flushed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| writer.flush()));
            assert!(flushed.is_err(), "it would wait for itself");
        }
        show.send(batch.to_vec()).unwrap();
        Ok(())
    })
    .capacity(1)
    .build();
    let mut place = own.lock().unwrap();
    writer.write(1, 10).unwrap();
    *place = Some(writer);
    drop(place);
    assert_eq!(shown.recv().unwrap(), [(1, 10)]);
    assert!(shown.recv().is_err(), "the worker has ended");
}

#[test]
fn a_task_may_flush_where_the_sink_needs_its_runtime() {
    let _scope = testing::isolate();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let handle = runtime.handle().clone();
    let writer = WriteBehind::builder_async(move |batch: Vec<(u32, i64)>| {
        let task = handle.spawn(async move {
            tokio::task::yield_now().await;
            if batch.iter().any(|(_, value)| *value < 0) { Err("negative".to_owned()) } else { Ok(()) }
        });
        async move { task.await.unwrap() }
    })
    .retry(Retry::never())
    .build();
    runtime.block_on(async {
        assert_eq!(writer.flush_async().await, Ok(()), "there is nothing");
        writer.write(1, 10).unwrap();
        writer.write(2, 20).unwrap();
        // One that is dropped has begun it all the same.
        assert_eq!(polled_once(writer.flush_async()), None);
        writer.flush_async().await.unwrap();
        writer.write(3, -1).unwrap();
        assert_eq!(writer.flush_async().await.unwrap_err().dead(), 1);
    });
    assert_eq!((writer.info().written, writer.info().dead), (2, 1));
}

/// Polls a future once, and gives it up.
fn polled_once<F: Future>(future: F) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut cx) {
        std::task::Poll::Ready(value) => Some(value),
        std::task::Poll::Pending => None,
    }
}

fn encode(key: &u32, value: &i64) -> Vec<u8> {
    [&key.to_le_bytes()[..], &value.to_le_bytes()].concat()
}

fn decode(bytes: &[u8]) -> Option<(u32, i64)> {
    let (key, value) = bytes.split_at_checked(4)?;
    Some((u32::from_le_bytes(key.try_into().ok()?), i64::from_le_bytes(value.try_into().ok()?)))
}

fn open(path: &Path) -> Result<Writer, JournalError> {
    Ok(WriteBehind::builder(fine).journal(path, encode, decode)?.build())
}

#[test]
fn what_cannot_be_encoded_again_stays_in_the_journal() {
    let _scope = testing::isolate();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let encoded = AtomicU32::new(0);
    let once = move |key: &u32, value: &i64| {
        assert_eq!(encoded.fetch_add(1, Ordering::Relaxed), 0, "once only");
        encode(key, value)
    };
    let fails = |_: &[(u32, i64)]| Err("down".to_owned());
    let writer =
        WriteBehind::builder(fails).retry(Retry::never()).journal(&path, once, decode).unwrap().build();
    writer.write(1, 10).unwrap();
    assert_eq!(writer.flush().unwrap_err().dead(), 1);
    assert_eq!((writer.info().journal_failures, writer.dead_letters()), (1, 1));
    drop(writer);
    let writer = open(&path).unwrap();
    writer.flush().unwrap();
    assert_eq!((writer.info().accepted, writer.info().written), (1, 1));
}

#[test]
fn a_journal_that_cannot_be_opened_says_why_and_keeps_what_it_has() {
    let _scope = testing::isolate();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let refused = |reason: &str| {
        let error = open(&path).unwrap_err().to_string();
        let expected = format!("the journal {} cannot be opened: {reason}", path.display());
        assert!(error.starts_with(&expected), "{error}");
    };
    let fails = |_: &[(u32, i64)]| Err("down".to_owned());
    let writer = WriteBehind::builder(fails).retry(Retry::never());
    let writer = writer.journal(&path, encode, decode).unwrap().build();
    (0..10).for_each(|key| writer.write(key, 1).unwrap());
    refused("Database already open");
    assert_eq!(writer.flush().unwrap_err().dead(), 10);
    drop(writer);

    let nonsense = WriteBehind::builder(fine).journal(&path, encode, |_| None);
    assert!(nonsense.unwrap_err().to_string().ends_with("row 0 cannot be decoded"));
    let panics = WriteBehind::builder(fine).journal(&path, encode, |_| panic!("what is this?"));
    assert!(panics.unwrap_err().to_string().ends_with("it cannot be read: what is this?"));

    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    refused("it cannot be read: ");
    std::fs::write(&path, "no database, but a text that somebody has put in its place").unwrap();
    refused("I/O error: invalid data");
    std::fs::write(&path, whole).unwrap();
    assert_eq!(open(&path).unwrap().dead_letters(), 10);
}
