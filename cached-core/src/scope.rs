//! Scopes: caches and a clock of one's own, for a test.
//!
//! A thread that enters a scope closes the short way of a hit to itself; others pay nothing for the existence of scopes.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::clock::{Clock, ManualClock};
use crate::epoch;
use crate::roll::Roll;
use crate::store::AnyStore;
use crate::sync::{Bell, Mutex, thread_local};

/// How many times scopes are entered, in all threads.
static ENTERED: AtomicUsize = AtomicUsize::new(0);

thread_local!(static CURRENT: RefCell<Vec<Scope>> = const { RefCell::new(Vec::new()) });

/// Caches of their own for whoever enters, empty at first, with a clock that stands still until it is
/// [advanced](Scope::advance). Clones are the same scope.
#[derive(Clone, Default)]
pub struct Scope(Arc<Inner>);

#[derive(Default)]
struct Inner {
    stores: Mutex<HashMap<usize, Arc<dyn AnyStore>>>,
    /// Caches that were made here and belong to no function.
    direct: Mutex<Roll>,
    clock: ManualClock,
    /// Reloads that other threads are to run.
    pending: Mutex<usize>,
    settled: Bell,
    /// Who is to be told that the clock has moved, for as long as they say so.
    listeners: Mutex<Vec<Listener>>,
}

type Listener = Arc<dyn Fn() -> bool + Send + Sync>;

impl Scope {
    /// Moves the scope's clock on. What has a time to live ages; nothing waits.
    pub fn advance(&self, step: Duration) {
        self.0.clock.advance(step);
        let listeners = self.0.listeners.lock().clone();
        let gone: Vec<_> = listeners.iter().filter(|listener| !listener()).collect();
        if !gone.is_empty() {
            let is_gone = |listener: &Listener| gone.iter().any(|gone| Arc::ptr_eq(gone, listener));
            self.0.listeners.lock().retain(|listener| !is_gone(listener));
        }
    }

    pub(crate) fn clock(&self) -> Clock {
        Clock::Manual(self.0.clock.clone())
    }

    /// Has a thread told whenever the clock has moved, until `listener` says `false`.
    pub(crate) fn on_advance(&self, listener: impl Fn() -> bool + Send + Sync + 'static) {
        self.0.listeners.lock().push(Arc::new(listener));
    }

    /// Lets the scope's clock run as another does: `time` gives how long that one has been running, and
    /// [`advance`](Scope::advance) moves on beyond it. It may stop and jump; what goes back is taken to stand still.
    ///
    /// With tokio's paused time, for one: `let start = tokio::time::Instant::now(); scope.follow(move || start.elapsed());`
    ///
    /// # Panics
    /// If the scope follows a clock already.
    pub fn follow(&self, time: impl Fn() -> Duration + Send + Sync + 'static) {
        assert!(self.0.clock.follow(Box::new(time)), "a scope follows one clock");
    }

    /// Waits until the reloads that calls in this scope have begun on other threads (see `refresh_after`) have ended.
    pub fn settle(&self) {
        let mut pending = self.0.pending.lock();
        while *pending > 0 {
            pending = self.0.settled.wait(pending, None);
        }
    }

    /// The same scope for work on another thread, which is waited for by [`settle`](Self::settle).
    pub(crate) fn pending(&self) -> Pending {
        *self.0.pending.lock() += 1;
        Pending(self.clone())
    }

    /// Runs a closure inside the scope, on whatever thread it is called: to take a scope along into a thread.
    ///
    /// ```
    /// use cached_core::{memoize, testing};
    ///
    /// #[memoize]
    /// fn double(n: u64) -> u64 {
    ///     n * 2
    /// }
    ///
    /// let scope = testing::isolate();
    /// std::thread::spawn(scope.wrap(|| double(4))).join().unwrap();
    /// assert_eq!(double::cache_info().misses, 1);
    /// ```
    pub fn wrap<R, F: FnOnce() -> R>(&self, run: F) -> impl FnOnce() -> R + use<R, F> {
        let scope = self.clone();
        move || {
            let _entered = scope.enter();
            run()
        }
    }

    pub(crate) fn enter(&self) -> Entered {
        ENTERED.fetch_add(1, Ordering::Relaxed);
        epoch::close_short_way();
        CURRENT.with(|current| current.borrow_mut().push(self.clone()));
        Entered { scope: self.clone(), _thread: std::marker::PhantomData }
    }

    /// The store that a memo has in this scope; `make` makes it at the first use.
    pub(crate) fn store<S: AnyStore + 'static>(&self, memo: usize, make: impl FnOnce(Clock) -> S) -> Arc<S> {
        let found = self.0.stores.lock().get(&memo).cloned();
        let store = found.unwrap_or_else(|| {
            // Made with nothing locked: the options are user code. Who comes second drops his.
            let made: Arc<dyn AnyStore> = Arc::new(make(Clock::Manual(self.0.clock.clone())));
            let mut stores = self.0.stores.lock();
            Arc::clone(stores.entry(memo).or_insert_with(|| Arc::clone(&made)))
        });
        store.into_any().downcast().expect("a memo's number is its own")
    }

    /// Lists a cache that belongs to no function.
    pub(crate) fn list<S: AnyStore + 'static>(&self, store: &Arc<S>) {
        self.0.direct.lock().add(store);
    }

    /// All stores of this scope.
    pub(crate) fn stores(&self) -> Vec<Arc<dyn AnyStore>> {
        let mut stores: Vec<_> = self.0.stores.lock().values().cloned().collect();
        stores.extend(self.0.direct.lock().all());
        stores
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").field("caches", &self.0.stores.lock().len()).finish_non_exhaustive()
    }
}

/// See [`Scope::pending`].
pub(crate) struct Pending(Scope);

impl Pending {
    pub(crate) fn enter(&self) -> Entered {
        self.0.enter()
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        *self.0.0.pending.lock() -= 1;
        self.0.0.settled.ring();
    }
}

/// A thread's stay in a scope.
#[derive(Debug)]
pub(crate) struct Entered {
    pub(crate) scope: Scope,
    /// A stay ends on the thread on which it began.
    _thread: std::marker::PhantomData<*const ()>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let left = CURRENT.try_with(|current| {
            let mut current = current.borrow_mut();
            // Stays may end in another order than they began.
            let own = current.iter().rposition(|scope| Arc::ptr_eq(&scope.0, &self.scope.0));
            own.map(|at| current.remove(at))
        });
        ENTERED.fetch_sub(1, Ordering::Relaxed);
        epoch::open_short_way();
        // With it may go values, whose drops can call anything.
        drop(left);
    }
}

/// Whether a scope may be entered on this thread.
#[inline]
pub(crate) fn is_any_entered() -> bool {
    ENTERED.load(Ordering::Relaxed) != 0
}

/// The scope that this thread entered last.
pub(crate) fn current() -> Option<Scope> {
    if !is_any_entered() {
        return None;
    }
    CURRENT.try_with(|current| current.borrow().last().cloned()).ok().flatten()
}
