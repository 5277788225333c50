//! Time as the caches see it: nanoseconds since the clock began, from the system or from a test's own clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Nanoseconds since a [`Clock`] began.
pub(crate) type Time = u64;

/// The deadline of what does not age.
pub(crate) const NEVER: Time = Time::MAX;

/// A source of [`Time`] that never goes back.
#[derive(Clone, Debug, Default)]
pub(crate) enum Clock {
    /// The machine's monotonic clock.
    #[default]
    System,
    /// A test's clock, moved by hand.
    Manual(ManualClock),
}

impl Clock {
    #[inline]
    pub(crate) fn now(&self) -> Time {
        match self {
            Self::System => system_now(),
            Self::Manual(clock) => clock.0.load(Ordering::Acquire),
        }
    }
}

fn system_now() -> Time {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    // One above zero: an entry with no time to live at all is expired even in the clock's first instant.
    let age = ORIGIN.get_or_init(Instant::now).elapsed();
    // 584 years fit into 64 bits.
    age.as_secs() * 1_000_000_000 + u64::from(age.subsec_nanos()) + 1
}

/// A clock that stands still until it is advanced.
#[derive(Clone, Debug, Default)]
pub(crate) struct ManualClock(Arc<AtomicU64>);

impl ManualClock {
    /// Moves on by `step`; stops short of the end of time instead of wrapping.
    pub(crate) fn advance(&self, step: Duration) {
        let moved = |now: Time| Some(now.saturating_add(nanos(step)).min(NEVER - 1));
        let _ = self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, moved);
    }
}

/// The time at which what is stored `now` has lived for `ttl`; [`NEVER`] where that lies past the clock's end.
pub(crate) fn deadline(now: Time, ttl: Duration) -> Time {
    now.saturating_add(nanos(ttl))
}

/// Whether a deadline has passed.
#[inline]
pub(crate) fn is_past(deadline: Time, now: Time) -> bool {
    now >= deadline && deadline != NEVER
}

fn nanos(duration: Duration) -> Time {
    Time::try_from(duration.as_nanos()).unwrap_or(NEVER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_beyond_the_clock_is_never() {
        assert_eq!(deadline(5, Duration::MAX), NEVER);
        assert_eq!(deadline(5, Duration::from_secs(u64::MAX)), NEVER);
        assert!(!is_past(NEVER, NEVER - 1));
    }

    #[test]
    fn the_boundary_belongs_to_expiry() {
        let end = deadline(10, Duration::from_nanos(1));
        assert!(!is_past(end, 10));
        assert!(is_past(end, 11));
        assert!(is_past(deadline(10, Duration::ZERO), 10));
    }

    #[test]
    fn a_manual_clock_stops_at_the_end_of_time() {
        let clock = ManualClock::default();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(Clock::Manual(clock).now(), NEVER - 1);
    }

    #[test]
    fn the_system_clock_goes_forward() {
        let first = Clock::System.now();
        assert!(Clock::System.now() >= first && first > 0);
    }
}
