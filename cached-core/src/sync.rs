//! The only place that names a lock, so that another lock, or a schedule explorer, can stand in for it.
//!
//! Locks here do not poison: nothing a user wrote runs under one, so a panic cannot leave half a change behind.
//! In debug builds each guard is counted per thread and [`assert_unguarded`] proves that sentence at every
//! point where control goes to user code.

use std::ops::{Deref, DerefMut};
use std::sync::{self, PoisonError};

#[cfg(debug_assertions)]
mod held {
    use std::cell::Cell;

    thread_local!(static GUARDS: Cell<usize> = const { Cell::new(0) });

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
}

/// [`std::sync::RwLock`] without poisoning.
#[derive(Default)]
pub(crate) struct RwLock<T>(sync::RwLock<T>);

impl<T> RwLock<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(sync::RwLock::new(value))
    }

    #[inline]
    pub(crate) fn read(&self) -> Guard<sync::RwLockReadGuard<'_, T>> {
        Guard::new(self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    #[inline]
    pub(crate) fn write(&self) -> Guard<sync::RwLockWriteGuard<'_, T>> {
        Guard::new(self.0.write().unwrap_or_else(PoisonError::into_inner))
    }

    #[inline]
    pub(crate) fn try_write(&self) -> Option<Guard<sync::RwLockWriteGuard<'_, T>>> {
        match self.0.try_write() {
            Ok(guard) => Some(Guard::new(guard)),
            Err(sync::TryLockError::Poisoned(poisoned)) => Some(Guard::new(poisoned.into_inner())),
            Err(sync::TryLockError::WouldBlock) => None,
        }
    }
}

/// A door that opens once: threads wait before it, then all go through.
#[derive(Default)]
pub(crate) struct Gate {
    open: sync::Mutex<bool>,
    opened: sync::Condvar,
}

impl Gate {
    pub(crate) fn wait(&self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        while !*open {
            open = self.opened.wait(open).unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(crate) fn open(&self) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.opened.notify_all();
    }
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
