//! Scopes: caches of their own for a test, or for a request.
//!
//! A thread that enters a test's scope closes the short way of a hit to itself; others pay nothing for the existence of
//! scopes. A request's scope holds nothing but the caches of functions that ask for it, which never go the short way.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::clock::{Clock, ManualClock};
use crate::epoch;
use crate::roll::Roll;
use crate::store::AnyStore;
use crate::sync::{Bell, Mutex, thread_local};
use crate::thread;

mod carry;

pub(crate) use carry::carried;

/// How many times scopes that isolate are entered, in all threads.
static ISOLATED: AtomicUsize = AtomicUsize::new(0);

thread_local!(static CURRENT: RefCell<Vec<Scope>> = const { RefCell::new(Vec::new()) });

/// Caches of their own for whoever enters, empty at first, which go with the scope. Clones are the same scope.
///
/// There are two kinds. [`Scope::new`] makes one for a request of a server: it holds the caches of the functions that say
/// `scope = request`, and all others keep to the cache of the process. [`Scope::isolated`] makes one for a test, as
/// [`testing::isolate`](crate::testing::isolate) enters it: it has a cache of its own for every function, and a clock that
/// stands still until it is [advanced](Scope::advance).
///
/// ```
/// use cached_core::{Scope, memoize};
///
/// #[memoize(scope = request)]
/// fn user(token: &str) -> String {
///     format!("user of {token}") // imagine a query here
/// }
///
/// fn handle(token: &str) -> String {
///     format!("{}, {}", user(token), user(token)) // one query
/// }
///
/// for request in ["abc", "abc"] {
///     let scope = Scope::new();
///     scope.wrap(|| handle(request))();
/// }
/// assert_eq!(user::cache_info().misses, 2); // one for each request
/// ```
///
/// In a server of tasks, [`scope.run(future)`](Scope::run) takes the scope along into a handler, and once more into each task
/// that the handler spawns. Scopes nest: a function uses the innermost one that holds its kind of cache.
#[derive(Clone)]
pub struct Scope(Arc<Inner>);

struct Inner {
    /// Whether all functions have their caches here.
    isolates: bool,
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
    /// A scope for a request of a server, with the caches of functions that say `scope = request`. Others do not notice it.
    ///
    /// Time is the machine's, and [`advance`](Scope::advance) moves on beyond it; inside of a test's scope it is that scope's.
    ///
    /// Cost: an allocation; for each function that is used in it its cache. Memory: what these hold, until the last clone
    /// of the scope is dropped.
    pub fn new() -> Self {
        let clock = isolation().map_or_else(ManualClock::of_the_machine, |scope| scope.0.clock.clone());
        Self::of(false, clock)
    }

    /// A scope for a test, not entered yet: what [`testing::isolate`](crate::testing::isolate) enters, for tests that only
    /// [`run`](Scope::run) or [`wrap`](Scope::wrap).
    pub fn isolated() -> Self {
        Self::of(true, ManualClock::default())
    }

    fn of(isolates: bool, clock: ManualClock) -> Self {
        Self(Arc::new(Inner {
            isolates,
            clock,
            stores: Mutex::default(),
            direct: Mutex::default(),
            pending: Mutex::default(),
            settled: Bell::default(),
            listeners: Mutex::default(),
        }))
    }

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

    /// Whether all functions have their caches here.
    pub(crate) fn isolates(&self) -> bool {
        self.0.isolates
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
    /// If the scope follows a clock already, as one made by [`Scope::new`] does.
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

    /// Runs a future inside the scope, wherever it is polled: to take a scope along into a task.
    ///
    /// ```
    /// use cached_core::{memoize, testing};
    ///
    /// #[memoize]
    /// async fn double(n: u64) -> u64 {
    ///     n * 2
    /// }
    ///
    /// # use std::{future::Future, pin::pin, task::{Context, Poll, Waker}};
    /// # fn block_on<F: Future>(future: F) -> F::Output {
    /// #     let mut future = pin!(future);
    /// #     loop {
    /// #         if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
    /// #             return value;
    /// #         }
    /// #     }
    /// # }
    /// let scope = testing::isolate();
    /// let task = scope.run(async { double(4).await }); // for tokio::spawn
    /// # let task = async move { std::thread::spawn(|| block_on(task)).join() };
    /// assert_eq!(block_on(task).unwrap(), 8);
    /// assert_eq!(double::cache_info().misses, 1);
    /// ```
    pub fn run<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        let scope = self.clone();
        async move { carry::inside(|| scope.enter(), future).await }
    }

    /// Enters the scope on this thread, until the answer is dropped. In a task, [`run`](Scope::run) is what is meant: the
    /// thread polls other tasks, too.
    ///
    /// ```
    /// use cached_core::{Scope, memoize};
    ///
    /// #[memoize(scope = request)]
    /// fn double(n: u64) -> u64 {
    ///     n * 2
    /// }
    ///
    /// let entered = Scope::new().enter();
    /// assert_eq!(double(4) + double(4), 16);
    /// assert_eq!(double::cache_info().hits, 1);
    /// drop(entered); // with the last handle of the scope its caches go
    /// ```
    pub fn enter(&self) -> Entered {
        close(self);
        CURRENT.with(|current| current.borrow_mut().push(self.clone()));
        Entered { scope: self.clone(), _thread: std::marker::PhantomData }
    }

    /// The store that a memo has in this scope; `make` makes it at the first use.
    pub(crate) fn store(
        &self,
        memo: usize,
        make: &mut dyn FnMut(Clock) -> Arc<dyn AnyStore>,
    ) -> Arc<dyn AnyStore> {
        self.made(memo).unwrap_or_else(|| {
            // Made with nothing locked: the options are user code. Who comes second drops his.
            let made = make(Clock::Manual(self.0.clock.clone()));
            let mut stores = self.0.stores.lock();
            Arc::clone(stores.entry(memo).or_insert_with(|| Arc::clone(&made)))
        })
    }

    /// The same, if it has been made.
    pub(crate) fn made(&self, memo: usize) -> Option<Arc<dyn AnyStore>> {
        self.0.stores.lock().get(&memo).cloned()
    }

    /// Lists a cache that belongs to no function.
    pub(crate) fn list<S: AnyStore + 'static>(&self, store: &Arc<S>) {
        self.0.direct.lock().add(Arc::<S>::downgrade(store));
    }

    /// What tells it from other scopes, for as long as there is a [`WeakScope`] of it.
    pub(crate) fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    pub(crate) fn downgrade(&self) -> WeakScope {
        WeakScope(Arc::downgrade(&self.0))
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

/// One made by [`Scope::new`].
impl Default for Scope {
    fn default() -> Self {
        Self::new()
    }
}

/// A scope that may have ended.
pub(crate) struct WeakScope(Weak<Inner>);

impl WeakScope {
    pub(crate) fn has_ended(&self) -> bool {
        self.0.strong_count() == 0
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        thread::forget_ended();
    }
}

/// See [`Scope::pending`].
pub(crate) struct Pending(Scope);

impl Drop for Pending {
    fn drop(&mut self) {
        *self.0.0.pending.lock() -= 1;
        self.0.0.settled.ring();
    }
}

/// A thread's stay in a [`Scope`]; ends when dropped, on the thread on which it began.
#[derive(Debug)]
#[must_use = "the stay ends when this is dropped"]
pub struct Entered {
    scope: Scope,
    /// A stay ends on the thread on which it began.
    _thread: std::marker::PhantomData<*const ()>,
}

impl Deref for Entered {
    type Target = Scope;

    fn deref(&self) -> &Scope {
        &self.scope
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let left = CURRENT.try_with(|current| {
            let mut current = current.borrow_mut();
            // Stays may end in another order than they began.
            let own = current.iter().rposition(|scope| Arc::ptr_eq(&scope.0, &self.scope.0));
            own.map(|at| current.remove(at))
        });
        open(&self.scope);
        // With it may go values, whose drops can call anything.
        drop(left);
    }
}

/// A thread is about to enter a scope.
fn close(scope: &Scope) {
    if scope.0.isolates {
        ISOLATED.fetch_add(1, Ordering::Relaxed);
        epoch::close_short_way();
    }
}

/// A thread has left a scope.
fn open(scope: &Scope) {
    if scope.0.isolates {
        ISOLATED.fetch_sub(1, Ordering::Relaxed);
        epoch::open_short_way();
    }
}

/// Whether this thread may be in a scope that has the caches of all functions.
#[inline]
pub(crate) fn may_be_isolated() -> bool {
    ISOLATED.load(Ordering::Relaxed) != 0
}

/// The scope whose caches all functions use on this thread.
pub(crate) fn isolation() -> Option<Scope> {
    if may_be_isolated() { innermost(|scope| scope.0.isolates) } else { None }
}

/// The scope that this thread entered last.
pub(crate) fn current() -> Option<Scope> {
    innermost(|_| true)
}

fn innermost(is_meant: impl Fn(&Scope) -> bool) -> Option<Scope> {
    CURRENT.try_with(|current| current.borrow().iter().rev().find(|scope| is_meant(scope)).cloned()).ok()?
}
