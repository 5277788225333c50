//! The only place that names a lock, so that another lock, or a schedule explorer, can stand in for it.
//!
//! Locks here do not poison: nothing a user wrote runs under one, so a panic cannot leave half a change behind.
//! In debug builds each guard is counted per thread and [`assert_unguarded`] proves that sentence at every
//! point where control goes to user code.

use std::ops::{Deref, DerefMut};
use std::sync::{PoisonError, TryLockError};
use std::time::Duration;

#[cfg(shuttle)]
use shuttle::sync;
#[cfg(not(shuttle))]
use std::sync;

/// Threads that belong to a `WriteBehind`, or to a schedule explorer's scenario.
#[cfg(shuttle)]
pub(crate) use shuttle::thread;
#[cfg(not(shuttle))]
pub(crate) use std::thread;

/// What a lock gives.
pub(crate) use sync::MutexGuard;

/// The locks themselves, for what does not fit into a [`Mutex`].
pub(crate) mod plain {
    use std::sync::LockResult;
    #[cfg(not(shuttle))]
    use std::sync::PoisonError;
    use std::time::Duration;

    pub(crate) use super::sync::{Condvar, Mutex, MutexGuard};

    /// Unlocks, waits until somebody says so or the time is over, and locks again. May also return for no reason.
    #[cfg(not(shuttle))]
    pub(crate) fn wait_for<'a, T>(
        condvar: &Condvar,
        guard: MutexGuard<'a, T>,
        _: &'a Mutex<T>,
        time: Duration,
    ) -> LockResult<MutexGuard<'a, T>> {
        let waited = condvar.wait_timeout(guard, time);
        waited.map(|(guard, _)| guard).map_err(|poisoned| PoisonError::new(poisoned.into_inner().0))
    }

    /// An explorer's waits never end by themselves; so this one returns for no reason, after others have gone on.
    #[cfg(shuttle)]
    pub(crate) fn wait_for<'a, T>(
        _: &Condvar,
        guard: MutexGuard<'a, T>,
        mutex: &'a Mutex<T>,
        _: Duration,
    ) -> LockResult<MutexGuard<'a, T>> {
        drop(guard);
        shuttle::thread::yield_now();
        mutex.lock()
    }
}

/// What threads tell each other without a lock.
pub(crate) use sync::atomic;

/// The same where a schedule explorer must not step in, as under a [`StaticMutex`].
pub(crate) use std::sync::atomic as unseen;

/// What each thread has for itself: `std::thread_local`, or that of a schedule explorer, whose threads are not the
/// system's.
#[cfg(shuttle)]
pub(crate) use shuttle::thread_local;
#[cfg(not(shuttle))]
pub(crate) use std::thread_local;

#[cfg(debug_assertions)]
mod held {
    use std::cell::Cell;

    super::thread_local!(static GUARDS: Cell<usize> = const { Cell::new(0) });

    /// Lives as long as a guard does.
    pub(super) struct Held(());

    impl Held {
        pub(super) fn new() -> Self {
            // A thread whose locals are gone is past the point where the count could be read.
            let _ = GUARDS.try_with(|guards| guards.set(guards.get() + 1));
            Self(())
        }
    }

    impl Drop for Held {
        fn drop(&mut self) {
            let _ = GUARDS.try_with(|guards| guards.set(guards.get() - 1));
        }
    }

    pub(crate) fn count() -> usize {
        GUARDS.try_with(Cell::get).unwrap_or(0)
    }
}

#[cfg(not(debug_assertions))]
mod held {
    pub(super) struct Held(());

    impl Held {
        #[inline]
        pub(super) fn new() -> Self {
            Self(())
        }
    }
}

/// Call before user code runs: panics in a debug build if this thread holds one of our locks.
#[inline]
#[track_caller]
pub(crate) fn assert_unguarded() {
    #[cfg(debug_assertions)]
    assert_eq!(held::count(), 0, "user code is about to run under a lock of the cache");
}

/// A guard and the note that it is held.
pub(crate) struct Guard<G> {
    inner: G,
    _held: held::Held,
}

impl<G> Guard<G> {
    #[inline]
    fn new(inner: G) -> Self {
        Self { inner, _held: held::Held::new() }
    }
}

impl<G: Deref> Deref for Guard<G> {
    type Target = G::Target;

    #[inline]
    fn deref(&self) -> &G::Target {
        &self.inner
    }
}

impl<G: DerefMut> DerefMut for Guard<G> {
    #[inline]
    fn deref_mut(&mut self) -> &mut G::Target {
        &mut self.inner
    }
}

/// [`std::sync::Mutex`] without poisoning.
#[derive(Default)]
pub(crate) struct Mutex<T>(sync::Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(sync::Mutex::new(value))
    }

    #[inline]
    pub(crate) fn lock(&self) -> Guard<sync::MutexGuard<'_, T>> {
        Guard::new(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    #[inline]
    pub(crate) fn try_lock(&self) -> Option<Guard<sync::MutexGuard<'_, T>>> {
        match self.0.try_lock() {
            Ok(guard) => Some(Guard::new(guard)),
            Err(TryLockError::Poisoned(poisoned)) => Some(Guard::new(poisoned.into_inner())),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

/// Rings for threads that wait for a change of what a [`Mutex`] holds.
#[derive(Default)]
pub(crate) struct Bell(sync::Condvar);

impl Bell {
    #[cfg_attr(
        shuttle,
        expect(dead_code, reason = "for a static that is not there under a schedule explorer")
    )]
    pub(crate) const fn new() -> Self {
        Self(sync::Condvar::new())
    }

    /// Unlocks, waits for the bell or until the time is over, and locks again. May also return for no reason.
    pub(crate) fn wait<'a, T>(
        &self,
        guard: Guard<sync::MutexGuard<'a, T>>,
        time: Option<Duration>,
    ) -> Guard<sync::MutexGuard<'a, T>> {
        let Guard { inner, _held: held } = guard;
        let inner = match time {
            None => self.0.wait(inner).unwrap_or_else(PoisonError::into_inner),
            Some(time) => self.0.wait_timeout(inner, time).unwrap_or_else(PoisonError::into_inner).0,
        };
        Guard { inner, _held: held }
    }

    /// Lets all who wait look again.
    pub(crate) fn ring(&self) {
        self.0.notify_all();
    }
}

/// A lock in a static, which outlives what a schedule explorer calls a run.
#[cfg(not(shuttle))]
pub(crate) type StaticMutex<T> = Mutex<T>;

/// The same under a schedule explorer, which must not see it: it may not be held across anything that waits for others.
/// Before it is taken, others may go on. One that is held was taken by another thread of the explorer's, all of which share
/// one of the system's: to block here would be for ever.
#[cfg(shuttle)]
pub(crate) struct StaticMutex<T>(std::sync::Mutex<T>);

#[cfg(shuttle)]
impl<T> StaticMutex<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(std::sync::Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> Guard<std::sync::MutexGuard<'_, T>> {
        atomic::AtomicBool::new(false).load(atomic::Ordering::SeqCst);
        loop {
            match self.0.try_lock() {
                Ok(guard) => return Guard::new(guard),
                Err(TryLockError::Poisoned(poisoned)) => return Guard::new(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => shuttle::thread::yield_now(),
            }
        }
    }
}

/// So many of these. A loop, as adapters of iterators would be compiled for each type of them.
pub(crate) fn boxed<T>(count: usize, make: impl Fn() -> T) -> Box<[T]> {
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        all.push(make());
    }
    all.into_boxed_slice()
}

/// How many threads can run at a time. Asked once: the answer costs the reading of several files.
pub(crate) fn processors() -> usize {
    static PROCESSORS: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
    *PROCESSORS.get_or_init(|| std::thread::available_parallelism().map_or(4, std::num::NonZero::get))
}

/// Keeps a value on cache lines of its own, so that writers of its neighbours do not slow its readers.
/// 128 bytes: x86 fetches lines in pairs.
#[derive(Default)]
#[repr(align(128))]
pub(crate) struct Padded<T>(pub(crate) T);

impl<T> Deref for Padded<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.0
    }
}
