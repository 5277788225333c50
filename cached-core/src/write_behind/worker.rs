//! The worker: takes batches from the log to the sink.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::Shared;
use super::builder::Sink;
use super::dead::{DeadLetter, Failure};
use super::log::Write;
use super::retry::Retry;
use crate::clock::Time;
use crate::sync::assert_unguarded;

pub(super) struct Worker<K, V, E> {
    pub(super) shared: Arc<Shared<K, V, E>>,
    pub(super) sink: Sink<K, V, E>,
    pub(super) retry: Retry,
    pub(super) max_batch: usize,
    pub(super) chance: RandomState,
}

/// The first writes of the log that go together.
struct Batch<K, V> {
    /// How many writes of the log it stands for.
    writes: usize,
    /// The last write of each key.
    last: Vec<Arc<Write<K, V>>>,
}

/// A write that failed for good.
type Fallen<K, V, E> = (Arc<Write<K, V>>, Failure<E>);

/// How many writes a batch may stand for, for each key that it may hold: one key that is written all the time must not
/// keep the others waiting.
const DEPTH: usize = 64;

impl<K, V, E> Worker<K, V, E>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    E: Send + 'static,
{
    pub(super) fn run(mut self) {
        while let Some(writes) = self.shared.log.next(self.max_batch.saturating_mul(DEPTH)) {
            assert_unguarded();
            // Keys are compared by user code. Where that panics, the first write goes alone.
            let batch = catch_unwind(AssertUnwindSafe(|| coalesce(&writes, self.max_batch)));
            let batch = batch.unwrap_or_else(|_| Batch { writes: 1, last: vec![Arc::clone(&writes[0])] });
            drop(writes);
            self.deliver(&batch);
            let_go(batch.last);
        }
    }

    /// Tries as often as it may, and then each write alone.
    fn deliver(&mut self, batch: &Batch<K, V>) {
        let mut dead = Vec::new();
        let mut failures = 0;
        while let Err((failure, since)) = self.attempt(&batch.last) {
            failures += 1;
            if self.retry.again(failures) {
                self.shared.log.pause(since, self.retry.wait(failures, &self.chance));
                continue;
            }
            dead = self.apart(&batch.last, failure);
            break;
        }
        self.settle(batch, dead);
    }

    /// The writes of a batch that failed for good, which fail alone too.
    fn apart(&mut self, writes: &[Arc<Write<K, V>>], failure: Failure<E>) -> Vec<Fallen<K, V, E>> {
        if let [only] = writes {
            return vec![(Arc::clone(only), failure)];
        }
        let alone = |write: &Arc<Write<K, V>>| {
            let (failure, _) = self.attempt(std::slice::from_ref(write)).err()?;
            Some((Arc::clone(write), failure))
        };
        writes.iter().filter_map(alone).collect()
    }

    /// Calls the sink; the failure, and when that was.
    fn attempt(&mut self, writes: &[Arc<Write<K, V>>]) -> Result<(), (Failure<E>, Time)> {
        assert_unguarded();
        let (sink, mut batch) = (&mut self.sink, Vec::with_capacity(writes.len()));
        let result = catch_unwind(AssertUnwindSafe(|| {
            batch.extend(writes.iter().map(|write| (write.key.clone(), write.value.clone())));
            sink(&batch)
        }));
        let_go(batch);
        let result = match result {
            Ok(result) => result.map_err(Failure::Error),
            Err(panic) => Err(Failure::Panicked(message(&*panic))),
        };
        // Before it is counted: whoever sees the count and turns a test's clock turns it after this.
        let now = self.shared.log.clock.now();
        self.shared.log.count(|info| match &result {
            Ok(()) => info.batches += 1,
            Err(_) => info.failures += 1,
        });
        result.map_err(|failure| (failure, now))
    }

    /// Tells the journal, the cache, the list of the dead, and those who wait; in this order, so that who sees that a write has
    /// left finds all the rest done.
    fn settle(&self, batch: &Batch<K, V>, dead: Vec<Fallen<K, V, E>>) {
        let numbers = self.bury(batch, &dead);
        let died = dead.len();
        let letters = dead.into_iter().zip(numbers);
        let letters: Vec<_> =
            letters.map(|((write, failure), number)| DeadLetter::new(write, failure, number)).collect();
        if let Some(cache) = &self.shared.cache {
            letters.iter().for_each(|letter| guard(|| cache.invalidate(letter.key())));
        }
        if let Some(listener) = &self.shared.dead.listener {
            letters.iter().for_each(|letter| guard(|| listener(letter)));
        }
        self.shared.dead.add(letters);
        let coalesced = batch.writes - batch.last.len();
        let left = self.shared.log.leave(batch.writes, |info| {
            info.written += (batch.last.len() - died) as u64;
            info.coalesced += coalesced as u64;
            info.dead += died as u64;
        });
        let_go(left);
    }

    /// Takes the batch out of the journal, but for the dead; the numbers under which they lie there.
    #[cfg_attr(
        not(feature = "journal"),
        expect(clippy::unused_self, reason = "without a journal there is nothing to do")
    )]
    fn bury(&self, batch: &Batch<K, V>, dead: &[Fallen<K, V, E>]) -> Vec<u64> {
        #[cfg(feature = "journal")]
        if let Some(journal) = &self.shared.journal {
            let writes = dead.iter().map(|(write, _)| &**write);
            // The dead are encoded by user code. Where that panics, all rows stay.
            match catch_unwind(AssertUnwindSafe(|| journal.leave(batch.writes, writes))) {
                Ok(Ok(numbers)) => return numbers,
                _ => self.shared.log.count(|info| info.journal_failures += 1),
            }
        }
        let _ = batch;
        vec![0; dead.len()]
    }
}

/// Runs code of the user's whose panic must not end the worker.
fn guard(run: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(run));
}

/// Drops keys and values one by one, as that is user code too.
fn let_go<T>(items: Vec<T>) {
    items.into_iter().for_each(|item| guard(|| drop(item)));
}

pub(super) fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

/// A key whose hash is known.
struct ByHash<'a, K, V>(&'a Write<K, V>);

impl<K, V> Hash for ByHash<'_, K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

impl<K: Eq, V> PartialEq for ByHash<'_, K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.0.hash == other.0.hash && self.0.key == other.0.key
    }
}

impl<K: Eq, V> Eq for ByHash<'_, K, V> {}

/// The longest beginning with no more keys than that, each key with its last write, in the order of the first ones.
fn coalesce<K: Eq, V>(writes: &[Arc<Write<K, V>>], max: usize) -> Batch<K, V> {
    let mut places: HashMap<ByHash<'_, K, V>, usize, RandomState> = HashMap::default();
    let mut last: Vec<Arc<Write<K, V>>> = Vec::new();
    let mut taken = 0;
    for write in writes {
        if let Some(&place) = places.get(&ByHash(write)) {
            last[place] = Arc::clone(write);
        } else if last.len() < max {
            places.insert(ByHash(write), last.len());
            last.push(Arc::clone(write));
        } else {
            break;
        }
        taken += 1;
    }
    Batch { writes: taken, last }
}
