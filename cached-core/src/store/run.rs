//! A running body.

use std::cell::Cell;
use std::sync::Arc;

use crate::context::{self, Entered, Frame};
use crate::epoch;
use crate::info::Counters;
use crate::stopwatch::Stopwatch;
use crate::sync::thread_local;

/// A running body: on the stack of its thread, timed, and counted as a failure unless it ends well.
pub(crate) struct Run<'a> {
    counters: &'a Counters,
    watch: Stopwatch,
    /// Time of the loads inside the run around this one, put aside.
    outer: u64,
    /// Loads and failures: a body that does not end is one failure.
    ended: (u64, u64),
    _entered: Entered,
}

thread_local! {
    /// Nanoseconds of the loads that ended inside the body that runs now: not its own time. Without that a
    /// recursive function would count the innermost second once for every level.
    static INNER: Cell<u64> = const { Cell::new(0) };
}

impl<'a> Run<'a> {
    pub(super) fn start(counters: &'a Counters, load: Arc<dyn Frame>) -> Self {
        let entered = context::enter(load);
        let outer = INNER.try_with(|inner| inner.replace(0)).unwrap_or(0);
        Self {
            counters,
            watch: Stopwatch::start(counters.brief(&epoch::pin())),
            outer,
            ended: (0, 1),
            _entered: entered,
        }
    }

    /// The body has ended, in so many loads and failures.
    pub(crate) fn end(mut self, loads: u64, failures: u64) {
        self.ended = (loads, failures);
    }

    /// A body that does not end is so many failures.
    pub(crate) fn of(mut self, keys: u64) -> Self {
        self.ended = (0, keys);
        self
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        let pin = epoch::pin();
        let nanos = self.watch.stop(self.counters.brief(&pin));
        let inner = INNER.try_with(|inner| inner.replace(self.outer.saturating_add(nanos))).unwrap_or(0);
        let (loads, failures) = self.ended;
        self.counters.loaded(&pin, loads, failures, nanos.saturating_sub(inner));
    }
}
