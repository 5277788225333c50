//! How long loads take, for next to nothing.
//!
//! Two readings of the exact clock cost as much as all the rest of a short load. So a thread whose loads of a function have
//! all been brief for a while goes over to the system's coarse clock, which stands still for some milliseconds and then
//! jumps: of a million brief loads it sees few, but those with as much too much as it misses of the others. What takes
//! long is noticed by that clock, too, and the next loads are timed exactly again.

use crate::still::Instant;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::coarse_now;

/// In nanoseconds. A load is brief if exact timing would cost more than about one part in a hundred.
const BRIEF: u64 = 5_000;
/// So many in a row, and the next are timed coarsely.
const MANY: u64 = 256;
/// In nanoseconds. Well above a tick of the coarse clock: whatever seems to have taken so long did take long.
const LONG: u64 = 12_000_000;

/// The measuring of one load.
pub(crate) enum Stopwatch {
    Exact(Instant),
    /// Nanoseconds of the coarse clock.
    Coarse(u64),
}

impl Stopwatch {
    /// `brief` is the number of brief loads that the caller's thread has seen in a row, if somebody counts them.
    #[inline]
    pub(crate) fn start(brief: Option<&AtomicU64>) -> Self {
        let many = brief.is_some_and(|brief| brief.load(Ordering::Relaxed) >= MANY);
        match if many { coarse_now() } else { None } {
            Some(now) => Self::Coarse(now),
            None => Self::Exact(Instant::now()),
        }
    }

    /// Nanoseconds since the start.
    #[inline]
    pub(crate) fn stop(&self, brief: Option<&AtomicU64>) -> u64 {
        match self {
            Self::Coarse(begun) => {
                let time = coarse_now().map_or(0, |now| now.saturating_sub(*begun));
                if time >= LONG {
                    note_row(brief, 0);
                }
                time
            }
            Self::Exact(begun) => stop_exact(*begun, brief),
        }
    }
}

#[cold]
fn stop_exact(begun: Instant, brief: Option<&AtomicU64>) -> u64 {
    let time = u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
    let row = brief.map_or(0, |brief| brief.load(Ordering::Relaxed));
    note_row(brief, if time < BRIEF { row.saturating_add(1) } else { 0 });
    time
}

fn note_row(brief: Option<&AtomicU64>, row: u64) {
    if let Some(brief) = brief {
        brief.store(row, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn is_coarse(brief: &AtomicU64) -> bool {
        matches!(Stopwatch::start(Some(brief)), Stopwatch::Coarse(_))
    }

    #[test]
    fn after_many_brief_loads_the_coarse_clock_will_do() {
        let brief = AtomicU64::new(0);
        // A load may be interrupted and take long, so there may have to be more.
        for _ in 0..100 * MANY {
            Stopwatch::start(Some(&brief)).stop(Some(&brief));
        }
        assert_eq!(is_coarse(&brief), coarse_now().is_some());
        assert!(matches!(Stopwatch::start(None), Stopwatch::Exact(_)), "nobody counts them");
    }

    #[test]
    fn what_takes_long_is_seen_and_brings_the_exact_clock_back() {
        let brief = AtomicU64::new(MANY);
        if let Some(now) = coarse_now() {
            let time = Stopwatch::Coarse(now.saturating_sub(2 * LONG)).stop(Some(&brief));
            assert!(time >= 2 * LONG);
            assert!(!is_coarse(&brief));
        }
        brief.store(MANY - 1, Ordering::Relaxed);
        let begun = Instant::now().checked_sub(Duration::from_nanos(LONG)).unwrap();
        assert!(Stopwatch::Exact(begun).stop(Some(&brief)) >= LONG);
        assert_eq!(brief.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn on_the_whole_the_coarse_clock_is_right() {
        let brief = AtomicU64::new(MANY);
        let begun = Instant::now();
        let mut sum = 0;
        // One load after the other, so that all of the time is theirs.
        while begun.elapsed() < Duration::from_millis(60) {
            sum += Stopwatch::start(Some(&brief)).stop(Some(&brief));
        }
        // Only the clock moves in between, so it may not see all; it must not see more.
        assert!(u128::from(sum) <= begun.elapsed().as_nanos() + 2 * u128::from(LONG), "{sum}");
    }
}
