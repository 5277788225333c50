//! Loading many keys ahead of time.

use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use crate::sync::Mutex;
use crate::{context, scope};

/// How `warm_with` loads: how many keys at once, and who is told how far it is.
///
/// ```
/// use cached_core::{Warm, memoize};
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// #[memoize]
/// fn price(id: u32, currency: &str) -> String {
///     format!("{id} costs 12.50 {currency}") // imagine a query here
/// }
///
/// let keys = (0..100).map(|id| (id, "EUR".to_owned()));
/// let told = AtomicUsize::new(0);
/// let how = Warm::new().at_once(4).progress(|done, total| {
///     assert!(done <= total); // a bar's `set_position(done)`
///     told.fetch_add(1, Ordering::Relaxed);
/// });
/// let warmed = price::warm_with(keys, how);
/// assert_eq!((warmed.loaded, warmed.failed, told.into_inner()), (100, 0, 100));
///
/// price(7, "EUR");
/// assert_eq!(price::cache_info().hits, 1);
/// ```
pub struct Warm<'a> {
    at_once: usize,
    progress: Option<Box<dyn Fn(usize, usize) + Send + Sync + 'a>>,
}

impl<'a> Warm<'a> {
    /// One key after the other, and nobody is told.
    pub fn new() -> Self {
        Self { at_once: 1, progress: None }
    }

    /// Loads so many keys at a time: on as many threads, or as futures that are polled in turn. A function with skipped arguments
    /// that other threads must not see is loaded on this one, and a batch in one run of `max_batch` keys after the other.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    pub fn at_once(mut self, keys: usize) -> Self {
        assert!(keys > 0, "`at_once` is 0: one key at least has to be loaded at a time");
        self.at_once = keys;
        self
    }

    /// Is told after each key how many are done, and how many there are: `|done, total| ..`. With several threads they tell it at
    /// the same time.
    #[must_use]
    pub fn progress(mut self, progress: impl Fn(usize, usize) + Send + Sync + 'a) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    pub(crate) fn tell(&self, done: usize, total: usize) {
        if let Some(progress) = &self.progress {
            progress(done, total);
        }
    }
}

impl Default for Warm<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Warm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Warm").field("at_once", &self.at_once).finish_non_exhaustive()
    }
}

/// What `warm_with` came to: each key is counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warmed {
    /// Keys whose load brought a value.
    pub loaded: usize,
    /// Keys that had a fresh value already, or got one by a load that another call had begun.
    pub present: usize,
    /// Keys whose load ended in an error. It is not kept.
    pub failed: usize,
    /// Keys whose load panicked. The panic was told by the panic hook, and the other keys were loaded nevertheless.
    pub panicked: usize,
}

/// What came of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarmedKey {
    /// Its load brought a value.
    Loaded,
    /// There was one.
    Present,
    /// It brought none.
    Failed,
}

impl Warmed {
    pub(crate) fn count<P>(&mut self, key: &Result<WarmedKey, P>) {
        *match key {
            Ok(WarmedKey::Loaded) => &mut self.loaded,
            Ok(WarmedKey::Present) => &mut self.present,
            Ok(WarmedKey::Failed) => &mut self.failed,
            Err(_) => &mut self.panicked,
        } += 1;
    }

    fn and(self, other: Self) -> Self {
        Self {
            loaded: self.loaded + other.loaded,
            present: self.present + other.present,
            failed: self.failed + other.failed,
            panicked: self.panicked + other.panicked,
        }
    }
}

/// A function with the arguments `A` that can be loaded by owned ones, as its expansion says. Its arguments are here because
/// they may be less seen than the function is: then so is all that is said of it.
#[diagnostic::on_unimplemented(
    message = "this function has no `warm`",
    label = "its cache cannot be filled ahead of time",
    note = "with `scope = thread` each thread has a cache of its own, and fills it itself",
    note = "what is left out of the key is given to each load: it has to be a reference"
)]
pub trait WarmUp<A> {
    /// The owned arguments: one by itself, several as a tuple.
    type Item;

    /// Loads one key where nothing is there. Generic only so that nobody compiles it who does not use it.
    fn warm_up<const USED: bool>(item: Self::Item) -> WarmedKey;
}

/// The same of an asynchronous function.
#[diagnostic::on_unimplemented(
    message = "this function has no `warm`",
    label = "its cache cannot be filled ahead of time",
    note = "with `scope = thread` each thread has a cache of its own, and fills it itself",
    note = "what is left out of the key is given to each load: it has to be a reference"
)]
pub trait AsyncWarmUp<A> {
    /// See [`WarmUp::Item`].
    type Item;

    /// See [`WarmUp::warm_up`].
    fn warm_up<const USED: bool>(item: Self::Item) -> impl Future<Output = WarmedKey>;
}

/// Owned arguments, what is given to each load beside them, and how one of them is loaded. What is given has its type in the open: of
/// what a closure captures the compiler could not say yet whether other threads may see it.
#[derive(Debug)]
pub struct Warming<I, G, E> {
    items: Vec<I>,
    given: G,
    each: E,
}

impl<I, G: Copy, E: Fn(G, I) -> WarmedKey> Warming<I, G, E> {
    /// What is to be loaded.
    pub fn new(items: impl IntoIterator<Item = I>, given: G, each: E) -> Self {
        Self { items: items.into_iter().collect(), given, each }
    }

    /// Loads all on this thread.
    pub fn run_here(self, how: &Warm<'_>) -> Warmed {
        let (mut warmed, total) = (Warmed::default(), self.items.len());
        for (index, item) in self.items.into_iter().enumerate() {
            warmed.count(&catch_unwind(AssertUnwindSafe(|| (self.each)(self.given, item))));
            how.tell(index + 1, total);
        }
        warmed
    }
}

/// Where the arguments can be sent, and what is given can be seen by several threads.
impl<I: Send, G: Copy + Sync, E: Fn(G, I) -> WarmedKey + Sync> Warming<I, G, E> {
    /// Loads all.
    #[expect(clippy::needless_pass_by_value, reason = "as users write it")]
    pub fn run(self, how: Warm<'_>) -> Warmed {
        let (total, threads) = (self.items.len(), how.at_once.min(self.items.len()));
        if threads <= 1 {
            return self.run_here(&how);
        }
        let (items, done) = (Mutex::new(self.items.into_iter()), AtomicUsize::new(0));
        let (given, each) = (&self.given, &self.each);
        let (scopes, frame) = (scope::carried(), context::current());
        let work = || {
            let _entered = (scopes.enter(), frame.clone().map(context::enter));
            let mut warmed = Warmed::default();
            loop {
                // Not in the loop's head, where the guard would live as long as the body.
                let item = items.lock().next();
                let Some(item) = item else { return warmed };
                warmed.count(&catch_unwind(AssertUnwindSafe(|| each(*given, item))));
                how.tell(done.fetch_add(1, Ordering::Relaxed) + 1, total);
            }
        };
        std::thread::scope(|threads_of| {
            let others: Vec<_> = (1..threads).map(|_| threads_of.spawn(work)).collect();
            let own = work();
            // What `progress` panics with is the caller's.
            let join = |thread: std::thread::ScopedJoinHandle<'_, Warmed>| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            others.into_iter().map(join).fold(own, Warmed::and)
        })
    }
}

/// Where they cannot: on this thread, one after the other.
pub trait WarmHere: Sized {
    /// Loads all.
    fn run(self, how: Warm<'_>) -> Warmed;
}

impl<I, G: Copy, E: Fn(G, I) -> WarmedKey> WarmHere for Warming<I, G, E> {
    fn run(self, how: Warm<'_>) -> Warmed {
        self.run_here(&how)
    }
}

/// The same for an asynchronous function. Whenever one of the loads that run is woken, all of them are polled.
pub async fn warm_async<I, F>(
    items: impl IntoIterator<Item = I>,
    how: Warm<'_>,
    each: impl Fn(I) -> F,
) -> Warmed
where
    F: Future<Output = WarmedKey>,
{
    let items: Vec<I> = items.into_iter().collect();
    let (mut warmed, mut done, total) = (Warmed::default(), 0, items.len());
    let (mut items, mut running) = (items.into_iter(), Vec::<Pin<Box<F>>>::new());
    poll_fn(|cx| {
        loop {
            let free = how.at_once - running.len();
            running.extend(items.by_ref().take(free).map(|item| Box::pin(each(item))));
            if running.is_empty() {
                return Poll::Ready(());
            }
            let before = done;
            running.retain_mut(|load| {
                let key = match catch_unwind(AssertUnwindSafe(|| load.as_mut().poll(cx))) {
                    Ok(Poll::Pending) => return true,
                    Ok(Poll::Ready(key)) => Ok(key),
                    Err(panic) => Err(panic),
                };
                warmed.count(&key);
                done += 1;
                how.tell(done, total);
                false
            });
            if done == before {
                return Poll::Pending;
            }
        }
    })
    .await;
    warmed
}

/// How many keys were loaded.
pub async fn loaded(all: impl Future<Output = Warmed>) -> usize {
    all.await.loaded
}
