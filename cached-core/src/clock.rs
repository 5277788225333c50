//! Time as the caches see it: nanoseconds since the clock began, from the system or from a test's own clock.
//!
//! The system's clock has two hands. The exact one costs some 50 ns to read, more than all the rest of a hit; the coarse
//! one, as the kernel noted it at its last tick, a quarter of that. It is late, but never early, so it can prove that
//! an entry is fresh: one whose deadline lies more than [`SLACK`] ahead of it. Only nearer to the deadline
//! is the exact one asked.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::gate::Gate;
use crate::sync::assert_unguarded;

/// Nanoseconds since a [`Clock`] began.
pub(crate) type Time = u64;

/// The deadline of what does not age.
pub(crate) const NEVER: Time = Time::MAX;

/// How late the coarse clock may be. It ticks every 1 to 10 ms, but on a virtual machine the processor that keeps it may
/// have to wait for its turn.
pub(crate) const SLACK: Time = 100_000_000;

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
            Self::Manual(clock) => clock.now(),
        }
    }
}

pub(crate) use system::coarse_now;
use system::system_now;

#[cfg(all(target_os = "linux", not(miri)))]
mod system {
    #![expect(unsafe_code, reason = "a clock that the standard library does not read")]

    use super::Time;

    /// The same clock as `std::time::Instant`'s.
    pub(super) fn system_now() -> Time {
        read(libc::CLOCK_MONOTONIC).expect("there is a monotonic clock")
    }

    /// The time as the kernel noted it at its last tick: not later than now, and on the same scale. `None` where no such clock
    /// is known.
    #[inline]
    pub(crate) fn coarse_now() -> Option<Time> {
        read(libc::CLOCK_MONOTONIC_COARSE)
    }

    #[inline]
    fn read(clock: libc::clockid_t) -> Option<Time> {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: `clock_gettime(2)` writes to the one `timespec` that it is given, which lives on this stack.
        let done = unsafe { libc::clock_gettime(clock, &raw mut time) } == 0;
        // 584 years fit into 64 bits, and the machine has not run for as long.
        #[expect(clippy::cast_sign_loss, reason = "the monotonic clock begins at zero")]
        #[allow(
            clippy::unnecessary_cast,
            clippy::cast_lossless,
            reason = "their width depends on the target"
        )]
        let nanos = (time.tv_sec as Time).wrapping_mul(1_000_000_000).wrapping_add(time.tv_nsec as Time);
        done.then_some(nanos)
    }
}

#[cfg(not(all(target_os = "linux", not(miri))))]
mod system {
    use crate::still::Instant;
    use std::sync::OnceLock;

    use super::Time;

    pub(super) fn system_now() -> Time {
        static ORIGIN: OnceLock<Instant> = OnceLock::new();
        let age = ORIGIN.get_or_init(Instant::now).elapsed();
        // One above zero: an entry with no time to live at all is expired even in the clock's first instant.
        age.as_secs() * 1_000_000_000 + u64::from(age.subsec_nanos()) + 1
    }

    #[inline]
    pub(crate) fn coarse_now() -> Option<Time> {
        None
    }
}

/// A clock that stands still until it is advanced, or follows another.
#[derive(Clone, Default)]
pub(crate) struct ManualClock(Arc<Hands>);

#[derive(Default)]
struct Hands {
    /// What it was advanced by.
    moved: AtomicU64,
    source: OnceLock<Box<dyn Fn() -> Duration + Send + Sync>>,
    /// The latest that the source has said: whatever it says next, time does not go back.
    latest: AtomicU64,
    /// Whether that is the machine's clock.
    is_machines: bool,
    /// Where those wait who are to be told that it was moved by hand.
    gate: Gate,
}

impl ManualClock {
    /// One that runs as the machine's does.
    pub(crate) fn of_the_machine() -> Self {
        let clock = Self(Arc::new(Hands { is_machines: true, ..Hands::default() }));
        clock.follow(Box::new(|| Duration::from_nanos(system_now())));
        clock
    }

    fn now(&self) -> Time {
        let moved = self.0.moved.load(Ordering::Acquire);
        let Some(source) = self.0.source.get() else { return moved };
        assert_unguarded();
        let said = nanos(source());
        let latest = self.0.latest.fetch_max(said, Ordering::AcqRel).max(said);
        moved.saturating_add(latest).min(NEVER - 1)
    }

    /// Moves on by `step`; stops short of the end of time instead of wrapping.
    pub(crate) fn advance(&self, step: Duration) {
        let moved = |now: Time| Some(now.saturating_add(nanos(step)).min(NEVER - 1));
        let _ = self.0.moved.fetch_update(Ordering::AcqRel, Ordering::Acquire, moved);
        self.0.gate.wake();
    }

    /// Where to wait for it to be moved by hand.
    pub(crate) fn gate(&self) -> &Gate {
        &self.0.gate
    }

    /// Whether it runs as the machine's clock does, as long as nobody moves it.
    pub(crate) fn is_machines(&self) -> bool {
        self.0.is_machines
    }

    /// Whether it follows another, and moves without anybody's doing.
    pub(crate) fn is_led(&self) -> bool {
        self.0.source.get().is_some()
    }

    /// Lets it run as `source` does, from now on; whether it was the first to be followed.
    pub(crate) fn follow(&self, source: Box<dyn Fn() -> Duration + Send + Sync>) -> bool {
        self.0.source.set(source).is_ok()
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.0.moved).finish()
    }
}

/// The time at which what began `now` has lasted for `span`; [`NEVER`] where that lies past the clock's end.
pub(crate) fn deadline(now: Time, span: Duration) -> Time {
    now.saturating_add(nanos(span))
}

/// Whether a deadline has passed.
#[inline]
pub(crate) fn is_past(deadline: Time, now: Time) -> bool {
    now >= deadline && deadline != NEVER
}

pub(crate) fn nanos(duration: Duration) -> Time {
    Time::try_from(duration.as_nanos()).unwrap_or(NEVER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_for_the_clock_is_never() {
        assert_eq!(nanos(Duration::MAX), NEVER);
        assert_eq!(nanos(Duration::from_secs(u64::MAX)), NEVER);
        assert!(!is_past(NEVER, NEVER - 1));
    }

    #[test]
    fn the_boundary_belongs_to_expiry() {
        assert!(!is_past(11, 10));
        assert!(is_past(11, 11));
    }

    #[test]
    fn a_manual_clock_stops_at_the_end_of_time() {
        let clock = ManualClock::default();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(Clock::Manual(clock).now(), NEVER - 1);
    }

    #[test]
    fn a_clock_that_is_followed_may_jump_but_not_go_back() {
        let clock = ManualClock::default();
        clock.advance(Duration::from_nanos(5));
        let time = Arc::new(AtomicU64::new(10));
        let source = Arc::clone(&time);
        assert!(clock.follow(Box::new(move || Duration::from_nanos(source.load(Ordering::Relaxed)))));
        assert_eq!(clock.now(), 15);
        time.store(3, Ordering::Relaxed);
        assert_eq!(clock.now(), 15);
        time.store(11, Ordering::Relaxed);
        assert_eq!(clock.now(), 16);
        assert!(!clock.follow(Box::new(|| Duration::MAX)));
    }

    #[test]
    fn the_system_clock_goes_forward() {
        let first = Clock::System.now();
        assert!(Clock::System.now() >= first && first > 0);
    }

    #[test]
    fn the_coarse_clock_is_late_and_never_early() {
        let mut latest = 0;
        for _ in 0..10_000 {
            let Some(coarse) = coarse_now() else { return };
            assert!(latest <= coarse && coarse <= Clock::System.now());
            latest = coarse;
        }
    }
}
