//! Where threads and tasks wait for a load: the one thing that both can wait before.
//!
//! This file knows of nothing but locks, so that a model checker can take it as it is.

use std::sync::PoisonError;
use std::task::Waker;
use std::time::Duration;

use crate::sync::plain::{Condvar, Mutex, MutexGuard, wait_for};

/// A door that opens once: threads and tasks wait before it, then all go through.
pub(crate) struct Gate {
    state: Mutex<GateState>,
    opened: Condvar,
}

#[derive(Default)]
struct GateState {
    open: bool,
    /// The tasks that wait, by the number they were given, which only rises.
    wakers: Vec<(u64, Waker)>,
    numbers: u64,
}

impl Default for Gate {
    fn default() -> Self {
        Self { state: Mutex::new(GateState::default()), opened: Condvar::new() }
    }
}

impl Gate {
    fn state(&self) -> MutexGuard<'_, GateState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Blocks this thread until the door opens.
    pub(crate) fn wait(&self) {
        let mut state = self.state();
        while !state.open {
            state = self.opened.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Blocks this thread until the door opens, or `stop` says so, which is asked again at each [`wake`](Self::wake); whether the door is
    /// open.
    pub(crate) fn wait_unless(&self, stop: impl Fn() -> bool) -> bool {
        let mut state = self.state();
        while !state.open && !stop() {
            state = self.opened.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.open
    }

    /// Blocks this thread until the door opens, but not much longer than that; whether it is open. May return early.
    pub(crate) fn wait_for(&self, time: Duration) -> bool {
        let state = self.state();
        if state.open {
            return true;
        }
        wait_for(&self.opened, state, &self.state, time).unwrap_or_else(PoisonError::into_inner).open
    }

    /// Lets all who wait go on.
    pub(crate) fn open(&self) {
        let wakers = {
            let mut state = self.state();
            state.open = true;
            std::mem::take(&mut state.wakers)
        };
        self.opened.notify_all();
        wakers.into_iter().for_each(|(_, waker)| waker.wake());
    }

    /// Has a task woken when the door opens, or at the next [`wake`](Self::wake). `number` is its own, `None` at first.
    pub(crate) fn register(&self, number: &mut Option<u64>, waker: &Waker) {
        // Wakers belong to the executor: they are cloned, dropped and called with nothing locked.
        let waker = waker.clone();
        let mut state = self.state();
        if state.open {
            drop(state);
            return;
        }
        let number = *number.get_or_insert_with(|| {
            state.numbers += 1;
            state.numbers
        });
        let old = match state.wakers.binary_search_by_key(&number, |(other, _)| *other) {
            Ok(at) => Some(std::mem::replace(&mut state.wakers[at].1, waker)),
            Err(at) => {
                state.wakers.insert(at, (number, waker));
                None
            }
        };
        drop(state);
        drop(old);
    }

    /// Whether the door is open; if not, as [`register`](Self::register).
    pub(crate) fn poll(&self, number: &mut Option<u64>, waker: &Waker) -> bool {
        self.register(number, waker);
        self.state().open
    }

    /// Takes a task out that waits no longer.
    pub(crate) fn leave(&self, number: Option<u64>) {
        let Some(number) = number else { return };
        let waker = {
            let mut state = self.state();
            let at = state.wakers.binary_search_by_key(&number, |(other, _)| *other);
            at.ok().map(|at| state.wakers.remove(at))
        };
        drop(waker);
    }

    /// Wakes the tasks before the door without opening it, and the threads that look for more than that. Who goes on waiting
    /// registers again.
    pub(crate) fn wake(&self) {
        let wakers = std::mem::take(&mut self.state().wakers);
        self.opened.notify_all();
        wakers.into_iter().for_each(|(_, waker)| waker.wake());
    }
}
