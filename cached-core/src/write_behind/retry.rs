//! How often and when a batch that failed is tried again.

use std::hash::BuildHasher;
use std::time::Duration;

use foldhash::fast::RandomState;

/// How often a batch is tried, and how long to wait in between: after the n-th failure `first` times 2 to the n-1, at most `longest`, less a
/// random share of up to `jitter`, so that those who failed together do not come back together.
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct Retry {
    attempts: u32,
    first: Duration,
    longest: Duration,
    jitter: f64,
}

/// Five attempts; 50 ms, doubled each time, at most 5 s, jitter 0.5.
impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 5, first: Duration::from_millis(50), longest: Duration::from_secs(5), jitter: 0.5 }
    }
}

impl Retry {
    /// No second attempt.
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::default() }
    }

    /// So many attempts in all, at least one.
    pub fn attempts(attempts: u32) -> Self {
        Self { attempts: attempts.max(1), ..Self::default() }
    }

    /// The wait after the first failure, and the longest one.
    pub fn backoff(self, first: Duration, longest: Duration) -> Self {
        Self { first, longest, ..self }
    }

    /// The share of a wait that may be left out, from 0 to 1.
    ///
    /// # Panics
    /// If it is something else.
    pub fn jitter(self, jitter: f64) -> Self {
        assert!((0.0..=1.0).contains(&jitter), "a jitter is a share, from 0 to 1: {jitter} is none");
        Self { jitter, ..self }
    }

    /// Whether there is to be another attempt after so many failures.
    pub(super) fn again(&self, failures: u32) -> bool {
        failures < self.attempts
    }

    /// The wait after the n-th failure.
    pub(super) fn wait(&self, failures: u32, chance: &RandomState) -> Duration {
        let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        let wait = self.first.saturating_mul(doubled).min(self.longest);
        // The top 53 bits of a hash: a number from 0 to 1, as a float holds it.
        let share = (chance.hash_one(failures) >> 11) as f64 / (1_u64 << 53) as f64;
        wait.mul_f64(1.0 - self.jitter * share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_lose_a_share() {
        let retry = Retry::attempts(4).backoff(Duration::from_secs(1), Duration::from_secs(5)).jitter(0.0);
        let chance = RandomState::default();
        let waits: Vec<_> = (1..=4).map(|failures| retry.wait(failures, &chance).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 5]);
        assert!(retry.again(3) && !retry.again(4));
        assert_eq!(retry.wait(1000, &chance), Duration::from_secs(5));
        for failures in 1..100 {
            let wait = retry.jitter(0.5).wait(failures, &chance);
            assert!(wait <= Duration::from_secs(5) && wait >= Duration::from_millis(500), "{wait:?}");
        }
    }
}
