//! What is told to the facades `metrics` and `tracing` where their features are on. Without them all of this is nothing, and compiles
//! to nothing. Hits tell nobody anything.

use std::future::Future;
use std::time::Duration;

use crate::clock::Time;
use crate::ride::Body;

/// The name of the histogram of load durations.
#[cfg(feature = "metrics")]
pub(crate) const LOAD_DURATION: &str = "cache_load_duration_seconds";

/// Whether each load is to be timed exactly.
pub(crate) const TIMES_EACH: bool = cfg!(feature = "metrics");

/// A body has run for so long, well or not.
#[inline]
#[cfg_attr(not(feature = "metrics"), expect(unused_variables, reason = "for the feature"))]
pub(crate) fn loaded(cache: &'static str, time: Duration) {
    #[cfg(feature = "metrics")]
    ::metrics::histogram!(LOAD_DURATION, "cache" => cache).record(time);
}

/// A body runs on this thread, until this is dropped.
pub(crate) struct Running {
    #[cfg(feature = "tracing")]
    _span: ::tracing::span::EnteredSpan,
}

impl Running {
    #[inline]
    #[cfg_attr(not(feature = "tracing"), expect(unused_variables, reason = "for the feature"))]
    pub(crate) fn start(cache: &'static str) -> Self {
        Self {
            #[cfg(feature = "tracing")]
            _span: span(cache).entered(),
        }
    }
}

/// A body that is a future.
#[inline]
#[cfg_attr(not(feature = "tracing"), expect(unused_variables, reason = "for the feature"))]
pub(crate) fn traced<F: Future>(cache: &'static str, body: F) -> impl Future<Output = F::Output> + use<F> {
    #[cfg(feature = "tracing")]
    let body = ::tracing::Instrument::instrument(body, span(cache));
    body
}

/// The same of one that lies elsewhere.
#[inline]
#[cfg_attr(not(feature = "tracing"), expect(unused_variables, reason = "for the feature"))]
pub(crate) fn traced_body<R: 'static>(cache: &'static str, body: Body<R>) -> Body<R> {
    #[cfg(feature = "tracing")]
    let body = Box::pin(::tracing::Instrument::instrument(body, span(cache)));
    body
}

#[cfg(feature = "tracing")]
fn span(cache: &'static str) -> ::tracing::Span {
    ::tracing::debug_span!(target: "cached_core", "cache_load", cache)
}

/// Notices when a cache loses as many entries in a short time as it holds.
#[derive(Default)]
pub(crate) struct Storms {
    #[cfg(feature = "tracing")]
    watch: crate::sync::Mutex<Watch>,
}

/// Evictions since a time.
#[cfg(feature = "tracing")]
#[derive(Default)]
struct Watch {
    since: Time,
    evicted: u64,
    told: bool,
}

#[cfg(feature = "tracing")]
const SHORT: Time = 10_000_000_000;
/// A cache of so few entries may lose all of them as it likes.
#[cfg(feature = "tracing")]
const FEW: usize = 64;

impl Storms {
    /// So many entries were evicted from a cache that now holds `len`.
    #[inline]
    #[cfg_attr(
        not(feature = "tracing"),
        expect(unused_variables, clippy::unused_self, reason = "for the feature")
    )]
    pub(crate) fn note(
        &self,
        cache: &'static str,
        evicted: usize,
        len: impl FnOnce() -> usize,
        now: impl FnOnce() -> Time,
    ) {
        #[cfg(feature = "tracing")]
        if evicted > 0 {
            let len = len();
            if let Some((evicted, span)) = self.rises(evicted as u64, len, now()) {
                let seconds = Duration::from_nanos(span).as_secs_f64();
                ::tracing::warn!(target: "cached_core", cache, evicted, entries = len, seconds, "eviction storm");
            }
        }
    }

    /// How many were evicted in what time, if that is a storm that has not been told of yet.
    #[cfg(feature = "tracing")]
    fn rises(&self, evicted: u64, len: usize, now: Time) -> Option<(u64, Time)> {
        let mut watch = self.watch.lock();
        if watch.evicted == 0 || now.saturating_sub(watch.since) > SHORT {
            *watch = Watch { since: now, ..Watch::default() };
        }
        watch.evicted += evicted;
        let rises = !watch.told && watch.evicted >= len.max(FEW) as u64;
        watch.told |= rises;
        rises.then(|| (watch.evicted, now.saturating_sub(watch.since)))
    }
}
