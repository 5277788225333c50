//! How a [`WriteBehind`] is made.

use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use foldhash::fast::RandomState;

use super::dead::{Dead, DeadLetter, Listener};
use super::log::Log;
use super::retry::Retry;
use super::worker::Worker;
use super::{Cache, Shared, WriteBehind};
use crate::clock::Clock;
use crate::memo::Memo;
use crate::scope::{self, Scope};
use crate::sync::thread::{self, Thread};

/// What a write does that finds no room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenFull {
    /// It waits until there is some, blocking its thread.
    #[default]
    Block,
    /// It comes back as an error.
    Error,
}

pub(super) type Sink<K, V, E> = Box<dyn FnMut(&[(K, V)]) -> Result<(), E> + Send>;

/// What a [`WriteBehind`] is to be like. Made by [`WriteBehind::builder`].
#[must_use = "nothing is written before it is built"]
pub struct Builder<K, V, E> {
    sink: Sink<K, V, E>,
    max_batch: usize,
    interval: Duration,
    capacity: usize,
    when_full: WhenFull,
    retry: Retry,
    cache: Option<Box<dyn Cache<K, V>>>,
    listener: Option<Listener<K, V, E>>,
    #[cfg(feature = "journal")]
    pub(super) journal: Option<super::journal::Opened<K, V>>,
}

impl<K, V, E> WriteBehind<K, V, E>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    E: Send + 'static,
{
    /// For a sink that stores a batch of writes, each key once, and returns when they are stored. It runs on the worker's thread, one batch
    /// after the other, and may be called again with the same writes after it failed.
    ///
    /// Without more words: batches of up to 100, 100 ms, room for 10,000, [`WhenFull::Block`], [`Retry::default`].
    pub fn builder(sink: impl FnMut(&[(K, V)]) -> Result<(), E> + Send + 'static) -> Builder<K, V, E> {
        Builder {
            sink: Box::new(sink),
            max_batch: 100,
            interval: Duration::from_millis(100),
            capacity: 10_000,
            when_full: WhenFull::default(),
            retry: Retry::default(),
            cache: None,
            listener: None,
            #[cfg(feature = "journal")]
            journal: None,
        }
    }

    /// The same for an asynchronous sink. Its future is polled on the worker's thread, on no runtime; one that needs a runtime's timers or sockets
    /// is to be spawned there: `move |batch| { let task = handle.spawn(store(batch)); async move { task.await… } }`.
    pub fn builder_async<F>(mut sink: impl FnMut(Vec<(K, V)>) -> F + Send + 'static) -> Builder<K, V, E>
    where
        F: Future<Output = Result<(), E>>,
    {
        Self::builder(move |batch| block_on(sink(batch.to_vec())))
    }
}

impl<K, V, E> Builder<K, V, E>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    E: Send + 'static,
{
    /// The most keys in a batch; and so many pending writes are not kept waiting.
    ///
    /// # Panics
    /// If it is 0.
    pub fn max_batch(mut self, max_batch: usize) -> Self {
        assert!(max_batch > 0, "a batch needs room for one write at least");
        self.max_batch = max_batch;
        self
    }

    /// How long a write waits at most for others to go with; 0 for not at all.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// The most writes that may be pending.
    ///
    /// # Panics
    /// If it is 0.
    pub fn capacity(mut self, capacity: usize) -> Self {
        assert!(capacity > 0, "a capacity of 0 accepts nothing");
        self.capacity = capacity;
        self
    }

    /// What a write does that finds no room.
    pub fn when_full(mut self, when_full: WhenFull) -> Self {
        self.when_full = when_full;
        self
    }

    /// How often and when a batch that failed is tried again.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// The cache of the memoized function that reads what is written here. Writes put their values there, and a write that dies
    /// invalidates its key.
    pub fn cache(mut self, cache: &'static Memo<K, V>) -> Self {
        self.cache = Some(Box::new(cache));
        self
    }

    /// Is called on the worker's thread with each write that fails for good, before it goes to the list.
    pub fn on_dead(mut self, listener: impl Fn(&DeadLetter<K, V, E>) + Send + Sync + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Starts the worker. Inside of a [scope](crate::testing::isolate), it goes by that scope's clock and caches.
    ///
    /// # Panics
    /// If the system gives no thread.
    pub fn build(self) -> WriteBehind<K, V, E> {
        let scope = scope::isolation();
        let clock = scope.as_ref().map_or(Clock::System, Scope::clock);
        let log = Log::new(clock, self.max_batch, self.interval, self.capacity);
        let dead = Dead::new(self.listener);
        let hasher = RandomState::default();
        #[cfg(feature = "journal")]
        let journal = self.journal.map(|opened| opened.replay(&hasher, &log, &dead));
        let shared = Arc::new(Shared {
            log,
            dead,
            cache: self.cache,
            when_full: self.when_full,
            #[cfg(feature = "journal")]
            journal,
        });
        if let Some(scope) = &scope {
            let log = Arc::downgrade(&shared);
            scope.on_advance(move || log.upgrade().map(|shared| shared.log.tick()).is_some());
        }
        let worker = Worker {
            shared: Arc::clone(&shared),
            sink: self.sink,
            retry: self.retry,
            max_batch: self.max_batch,
            chance: RandomState::default(),
        };
        let run: Box<dyn FnOnce() + Send> = match scope {
            Some(scope) => Box::new(scope.wrap(move || worker.run())),
            None => Box::new(move || worker.run()),
        };
        let thread = thread::Builder::new().name("write-behind".to_owned()).spawn(run);
        let worker = Some(thread.expect("the system gives a thread"));
        WriteBehind { shared, hasher, worker }
    }
}

impl<K, V> Cache<K, V> for &'static Memo<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    fn insert(&self, key: K, value: V) {
        Memo::insert(self, key, value);
    }

    fn invalidate(&self, key: &K) {
        Memo::invalidate(self, key);
    }
}

impl<K, V, E> fmt::Debug for Builder<K, V, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("max_batch", &self.max_batch)
            .field("interval", &self.interval)
            .field("capacity", &self.capacity)
            .field("when_full", &self.when_full)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}
