//! A running body.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use crate::context::{self, Entered, Frame};
use crate::info::{Count, Counters, Tally};
use crate::stopwatch::Stopwatch;
use crate::sync::thread_local;
use crate::telemetry::{self, Running};

/// A running body: timed, and counted as a failure unless it ends well.
pub(crate) struct Timing<'a> {
    tally: Tally<'a>,
    watch: Stopwatch,
    /// Time of the loads inside the run around this one, put aside.
    outer: u64,
    /// Loads and failures: a body that does not end is one failure.
    ended: (u64, u64),
    cache: &'static str,
    _running: Running,
}

/// The same on the stack of its thread.
pub(crate) struct Run<'a> {
    timing: Timing<'a>,
    _entered: Entered,
}

/// How many loads in a row were brief, unless each is timed exactly anyway.
#[inline]
fn brief<'a>(tally: &Tally<'a>) -> Option<&'a AtomicU64> {
    if telemetry::TIMES_EACH { None } else { tally.brief() }
}

thread_local! {
    /// Nanoseconds of the loads that ended inside the body that runs now: not its own time. Without that a
    /// recursive function would count the innermost second once for every level.
    static INNER: Cell<u64> = const { Cell::new(0) };
}

impl<'a> Run<'a> {
    pub(super) fn start(cache: &'static str, counters: &'a Counters, load: Arc<dyn Frame>) -> Self {
        let entered = context::enter(load);
        Self { timing: Timing::start(cache, counters.tally()), _entered: entered }
    }

    /// The body has ended, in so many loads and failures. It is over when this is dropped.
    #[inline]
    pub(crate) fn end(&mut self, loads: u64, failures: u64) {
        self.timing.end(loads, failures);
    }

    /// A body that does not end is so many failures.
    pub(crate) fn of(mut self, keys: u64) -> Self {
        self.timing.ended = (0, keys);
        self
    }
}

impl<'a> Timing<'a> {
    #[inline]
    pub(super) fn start(cache: &'static str, tally: Tally<'a>) -> Self {
        let outer = INNER.try_with(|inner| inner.replace(0)).unwrap_or(0);
        let watch = Stopwatch::start(brief(&tally));
        Self { tally, watch, outer, ended: (0, 1), cache, _running: Running::start(cache) }
    }

    /// See [`Run::end`].
    #[inline]
    pub(super) fn end(&mut self, loads: u64, failures: u64) {
        self.ended = (loads, failures);
    }
}

impl Drop for Timing<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        let tally = &self.tally;
        let nanos = self.watch.stop(brief(tally));
        telemetry::loaded(self.cache, Duration::from_nanos(nanos));
        let inner = INNER.try_with(|inner| inner.replace(self.outer.saturating_add(nanos))).unwrap_or(0);
        let (loads, failures) = self.ended;
        tally.some(Count::Loads, loads);
        tally.some(Count::LoadFailures, failures);
        tally.some(Count::LoadNanos, nanos.saturating_sub(inner));
    }
}
