//! Write-behind: writes that are accepted at once and reach their sink a little later, many at a time.
//!
//! [`WriteBehind`] takes writes of a value under a key and hands them to a *sink*, a closure that stores a batch of them where
//! they belong. One worker thread, owned by the `WriteBehind`, calls the sink, as somebody has to be there when the interval is
//! over and no caller comes.
//!
//! ```
//! use cached_core::{WriteBehind, memoize};
//! use std::collections::HashMap;
//! use std::convert::Infallible;
//! use std::sync::{LazyLock, Mutex};
//!
//! // Imagine a database.
//! static TABLE: Mutex<Option<HashMap<u32, i64>>> = Mutex::new(None);
//!
//! static BALANCES: LazyLock<WriteBehind<u32, i64, Infallible>> = LazyLock::new(|| {
//!     let sink = |batch: &[(u32, i64)]| {
//!         TABLE.lock().unwrap().get_or_insert_default().extend(batch.iter().copied()); // one transaction
//!         Ok(())
//!     };
//!     WriteBehind::builder(sink).max_batch(500).cache(balance::cache()).build()
//! });
//!
//! #[memoize(max = 1000)]
//! fn balance(account: u32) -> i64 {
//!     // What is on its way counts, even where the cache has lost it.
//!     BALANCES.pending(&account).unwrap_or_else(|| {
//!         TABLE.lock().unwrap().get_or_insert_default().get(&account).copied().unwrap_or(0)
//!     })
//! }
//!
//! BALANCES.write(7, 100).unwrap();
//! assert_eq!(balance(7), 100);
//! BALANCES.flush().unwrap();
//! assert_eq!(TABLE.lock().unwrap().as_ref().unwrap()[&7], 100);
//! ```
//!
//! # What is promised
//!
//! - **Order.** Writes of one key reach the sink in the order in which they were accepted. A batch holds a key once: the last
//!   of its writes wins, the ones before it are coalesced into it and not seen by the sink. Batches are written one after the
//!   other.
//! - **When.** A batch goes when the oldest write has waited for `interval`, or `max_batch` writes are there, or somebody flushes.
//! - **Backpressure.** At most `capacity` writes are pending. When that is full, `write` waits for room, or gives the write back as an
//!   error: [`WhenFull`].
//! - **Failures.** A batch that fails is tried again, with exponential backoff and jitter: [`Retry`]. One that failed as often as it may is
//!   taken apart, and each of its writes tried alone; what fails then becomes a [`DeadLetter`], in a list that waits to be
//!   [taken](WriteBehind::take_dead_letters), and the cache forgets its key. A sink that panics has failed. Nothing is dropped in silence.
//! - **At least once.** A batch that is tried again may have been stored in part. Sinks should be idempotent, as `insert or replace` is.
//! - **The end.** Dropping a `WriteBehind` writes what is pending, with the retries that it was given, and waits for that. A static is never
//!   dropped: [flush](WriteBehind::flush) before the process ends.
//!
//! # What a killed process loses
//!
//! Without a journal, all that was pending: never more than `capacity` writes, and as long as the sink keeps up, those of the last
//! `interval` and the batch under way. [`WriteBehindInfo::pending`] says how many they are now.
//!
//! With the feature `journal` a write can be put into an embedded database before it is accepted: `Builder::journal`. Then nothing that
//! `write` has accepted is lost, dead letters included; when the journal is opened again, what had not been written is.
//!
//! # Reading what was written
//!
//! Give it the cache of the function that reads: [`Builder::cache`]. A write then puts its value there, and whoever calls the function after
//! `write` has returned gets it. The cache may lose it before the sink has it, by eviction, age or invalidation; so the function's body
//! asks for [`pending`](WriteBehind::pending) first.

use std::fmt;
use std::future::poll_fn;
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::sync::assert_unguarded;
use crate::sync::thread::{self, JoinHandle};

mod builder;
mod dead;
#[cfg(feature = "journal")]
mod journal;
mod log;
mod retry;
mod worker;

pub use builder::{Builder, WhenFull};
pub use dead::{DeadLetter, Failure, FlushError, WriteError, WriteErrorKind};
#[cfg(feature = "journal")]
pub use journal::JournalError;
pub use retry::Retry;

use log::{Log, Write};

/// Accepts writes at once and hands them to a sink later, in batches. See the [module](self).
///
/// It is shared by reference: all methods take `&self`, from any thread.
pub struct WriteBehind<K, V, E> {
    shared: Arc<Shared<K, V, E>>,
    hasher: RandomState,
    worker: Option<JoinHandle<()>>,
}

/// What writers and the worker share.
struct Shared<K, V, E> {
    log: Log<K, V>,
    dead: dead::Dead<K, V, E>,
    cache: Option<Box<dyn Cache<K, V>>>,
    when_full: WhenFull,
    #[cfg(feature = "journal")]
    journal: Option<journal::Journal<K, V>>,
}

/// A function's cache, as writes see it.
trait Cache<K, V>: Send + Sync {
    fn insert(&self, key: K, value: V);
    fn invalidate(&self, key: &K);
}

/// What has become of the writes so far. All counts are of writes, unless they say otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WriteBehindInfo {
    /// Accepted, those found in a journal among them.
    pub accepted: u64,
    /// Given back because there was no room.
    pub rejected: u64,
    /// Handed to the sink with success.
    pub written: u64,
    /// Not handed to the sink because a later write of the same key was in the same batch.
    pub coalesced: u64,
    /// Failed for good.
    pub dead: u64,
    /// Accepted, and none of these yet: what a kill would lose without a journal.
    pub pending: u64,
    /// Calls of the sink that succeeded.
    pub batches: u64,
    /// Calls of the sink that failed.
    pub failures: u64,
    /// Times that the journal could not be told what had been written: those writes may be written again.
    pub journal_failures: u64,
}

/// One line; what never happened is left out.
impl fmt::Display for WriteBehindInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "accepted={} written={} pending={}", self.accepted, self.written, self.pending)?;
        let rare = [
            ("coalesced", self.coalesced),
            ("rejected", self.rejected),
            ("dead", self.dead),
            ("batches", self.batches),
            ("failures", self.failures),
            ("journal_failures", self.journal_failures),
        ];
        rare.into_iter()
            .filter(|(_, count)| *count > 0)
            .try_for_each(|(name, count)| write!(f, " {name}={count}"))
    }
}

impl<K, V, E> WriteBehind<K, V, E>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    E: Send + 'static,
{
    /// Accepts a write. It has then a place in the order of its key, is seen by [`pending`](Self::pending) and in the cache, and, where there
    /// is a journal, survives the process.
    ///
    /// Without a journal it costs a lock, and an allocation; with one, it waits for the disk, together with whoever writes at the same time.
    /// Where there is no room it blocks the thread, unless it was built with [`WhenFull::Error`], which is for tasks.
    ///
    /// # Errors
    /// If there is no room, where it was built with [`WhenFull::Error`], or when called from the sink itself; if the journal cannot be
    /// written to. The key and value come back with the error.
    pub fn write(&self, key: K, value: V) -> Result<(), WriteError<K, V>> {
        assert_unguarded();
        let write = Arc::new(Write { hash: self.hasher.hash_one(&key), key, value });
        #[cfg(feature = "journal")]
        let bytes = self.shared.journal.as_ref().map(|journal| journal.encode(&write));
        let wait = self.shared.when_full == WhenFull::Block && !self.is_worker();
        if !self.shared.log.reserve(wait) {
            return Err(WriteError::new(WriteErrorKind::Full, write));
        }
        #[cfg(not(feature = "journal"))]
        let number = self.shared.log.enter(Arc::clone(&write));
        #[cfg(feature = "journal")]
        let number = match self.enter(&write, bytes) {
            Ok(number) => number,
            Err(reason) => {
                self.shared.log.give_back();
                return Err(WriteError::new(WriteErrorKind::Journal(reason), write));
            }
        };
        if let Some(cache) = &self.shared.cache {
            self.publish(&**cache, &write, number);
        }
        Ok(())
    }

    /// Enters a write for which room is reserved; its number.
    #[cfg(feature = "journal")]
    fn enter(&self, write: &Arc<Write<K, V>>, bytes: Option<Vec<u8>>) -> Result<u64, String> {
        match (&self.shared.journal, bytes) {
            (Some(journal), Some(bytes)) => journal.enter(write, bytes, &self.shared.log),
            _ => Ok(self.shared.log.enter(Arc::clone(write))),
        }
    }

    /// Puts the last value of this key into the cache: its own, unless another writer has come since, who may have been
    /// here first.
    fn publish(&self, cache: &dyn Cache<K, V>, write: &Arc<Write<K, V>>, mut number: u64) {
        assert_unguarded();
        let mut value = Some(write.value.clone());
        loop {
            match value {
                Some(value) => cache.insert(write.key.clone(), value),
                // A later one has been written already: it is to be read again.
                None => cache.invalidate(&write.key),
            }
            let last = self.shared.log.last(write.hash);
            if last == number {
                return;
            }
            number = last;
            value = self.find(write.hash, &write.key).map(|write| write.value.clone());
        }
    }

    /// The value of the last write of this key that is pending: accepted, and not in the sink yet.
    ///
    /// Looks at the hashes of all that is pending: O(n), some nanoseconds each.
    pub fn pending(&self, key: &K) -> Option<V> {
        assert_unguarded();
        self.find(self.hasher.hash_one(key), key).map(|write| write.value.clone())
    }

    fn find(&self, hash: u64, key: &K) -> Option<Arc<Write<K, V>>> {
        // Keys are compared with nothing locked.
        self.shared.log.alike(hash).into_iter().rev().find(|write| write.key == *key)
    }

    /// Waits until all that was accepted before is in the sink, or dead.
    ///
    /// # Errors
    /// If some of it is dead: how many writes. See [`take_dead_letters`](Self::take_dead_letters).
    ///
    /// # Panics
    /// If called from the sink itself, which it would wait for.
    pub fn flush(&self) -> Result<(), FlushError> {
        assert!(!self.is_worker(), "flush was called from the sink, which it would wait for");
        FlushError::of(self.shared.log.flush())
    }

    /// The same for a task, which sleeps meanwhile: where an asynchronous sink needs this thread's runtime, a [`flush`](Self::flush) would
    /// keep it from what it waits for. It begins when it is first polled, and goes on if it is dropped.
    ///
    /// # Errors
    /// As [`flush`](Self::flush).
    pub async fn flush_async(&self) -> Result<(), FlushError> {
        let flush = self.shared.log.begin_flush();
        FlushError::of(poll_fn(|cx| self.shared.log.poll_flush(flush, cx)).await)
    }

    /// Takes the writes that failed for good, oldest first. With a journal, they are then no longer kept there.
    pub fn take_dead_letters(&self) -> Vec<DeadLetter<K, V, E>> {
        let letters = self.shared.dead.take();
        #[cfg(feature = "journal")]
        if let Some(journal) = &self.shared.journal {
            if journal.forget_dead(letters.iter().map(DeadLetter::number)).is_err() {
                self.shared.log.count(|info| info.journal_failures += 1);
            }
        }
        letters
    }

    /// How many dead letters there are to be taken.
    pub fn dead_letters(&self) -> usize {
        self.shared.dead.len()
    }

    /// What has become of the writes so far.
    pub fn info(&self) -> WriteBehindInfo {
        self.shared.log.info()
    }

    fn is_worker(&self) -> bool {
        self.worker.as_ref().is_some_and(|worker| worker.thread().id() == thread::current().id())
    }
}

/// Writes what is pending, and waits for that.
impl<K, V, E> Drop for WriteBehind<K, V, E> {
    fn drop(&mut self) {
        self.shared.log.close();
        if let Some(worker) = self.worker.take() {
            // Dropped by its own sink, it cannot wait for itself; the worker ends when it has written all.
            if worker.thread().id() != thread::current().id() {
                let _ = worker.join();
            }
        }
    }
}

impl<K, V, E> fmt::Debug for WriteBehind<K, V, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteBehind").field("info", &self.shared.log.info()).finish_non_exhaustive()
    }
}
