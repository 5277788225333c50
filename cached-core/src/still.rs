//! Where there is no clock: on `wasm32-unknown-unknown` `std`'s panics. There time stands still, so that loads take none and
//! nothing ages but by a test's clock. Under a schedule explorer it goes on with whoever looks at it, the same in each run of
//! a schedule.

#[cfg(not(any(shuttle, all(target_family = "wasm", target_os = "unknown"))))]
pub(crate) use std::time::Instant;

#[cfg(any(shuttle, all(target_family = "wasm", target_os = "unknown")))]
pub(crate) use stand_in::Instant;

#[cfg(any(shuttle, all(target_family = "wasm", target_os = "unknown")))]
mod stand_in {
    use std::ops::{Add, Sub};
    #[cfg(shuttle)]
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    /// Nanoseconds of an explorer's time.
    #[cfg(shuttle)]
    static NOW: AtomicU64 = AtomicU64::new(0);
    /// By how much each look moves it: whoever looks again and again until a time is over sees that soon.
    #[cfg(shuttle)]
    const LOOK: u64 = 7_000_000;

    /// A moment as far after the only one there is.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub(crate) struct Instant(Duration);

    impl Instant {
        #[cfg(not(shuttle))]
        pub(crate) fn now() -> Self {
            Self(Duration::ZERO)
        }

        #[cfg(shuttle)]
        pub(crate) fn now() -> Self {
            let now = NOW.fetch_add(LOOK, Ordering::SeqCst);
            // Others may go on before anything follows from it.
            shuttle::sync::atomic::AtomicBool::new(false).load(Ordering::SeqCst);
            Self(Duration::from_nanos(now))
        }

        /// It is this time now, or later.
        #[cfg(shuttle)]
        pub(crate) fn come(self) {
            let nanos = u64::try_from(self.0.as_nanos()).unwrap_or(u64::MAX / 2);
            NOW.fetch_max(nanos, Ordering::SeqCst);
        }

        pub(crate) fn elapsed(&self) -> Duration {
            Self::now() - *self
        }

        pub(crate) fn checked_add(&self, step: Duration) -> Option<Self> {
            self.0.checked_add(step).map(Self)
        }

        pub(crate) fn saturating_duration_since(&self, earlier: Self) -> Duration {
            self.0.saturating_sub(earlier.0)
        }
    }

    impl Add<Duration> for Instant {
        type Output = Self;

        fn add(self, step: Duration) -> Self {
            Self(self.0.saturating_add(step))
        }
    }

    impl Sub for Instant {
        type Output = Duration;

        fn sub(self, earlier: Self) -> Duration {
            self.saturating_duration_since(earlier)
        }
    }
}
