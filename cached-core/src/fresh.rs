//! How long a value is good for: the options that speak of time, and what they make of one entry.

use std::time::Duration;

use crate::clock::{NEVER, Time, nanos};
use crate::engine::age::{Ages, Times};
use crate::hooks::Ask;
use crate::options::Options;

/// The options that speak of time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fresh {
    pub(crate) ttl: Option<Duration>,
    pub(crate) idle: Option<Duration>,
    /// From 0 to 1.
    jitter: f64,
    refresh_after: Option<Duration>,
    stale_if_error: Option<Duration>,
    retry_after: Option<Duration>,
    pub(crate) soft_timeout: Option<Duration>,
    pub(crate) load_timeout: Option<Duration>,
}

/// 146 years: short enough to be added to a time without losing sight of it.
const LONGEST: Time = 1 << 62;
/// How long a failed reload is not tried again, unless something else was said.
const RETRY_AFTER: Duration = Duration::from_secs(1);

impl Fresh {
    /// What has to be noted of each entry. `by_hook` says whether each entry's time to live is worked out.
    pub(crate) fn ages(&self, by_hook: bool) -> Ages {
        let ttl = self.ttl.is_some() || by_hook;
        Ages {
            any: ttl || self.idle.is_some() || self.refresh_after.is_some(),
            idle: self.idle.map(nanos),
            hard: ttl && self.idle.is_some(),
            stale: self.stale_if_error.map_or(0, |stale| nanos(stale).min(LONGEST)),
            soft: self.refresh_after.is_some(),
            tagged: false,
            listens: false,
        }
    }

    /// Whether a value could ever be found again.
    pub(crate) fn keeps_anything(&self) -> bool {
        self.ttl != Some(Duration::ZERO) && self.idle != Some(Duration::ZERO)
    }

    /// Whether times are to be spread.
    pub(crate) fn is_spread(&self) -> bool {
        self.jitter > 0.0
    }

    /// The times of an entry that is stored now; `None` if it would not live at all. Runs user code.
    pub(crate) fn times<K, V>(
        &self,
        ages: &Ages,
        per_entry: Option<&Ask<K, V, Duration>>,
        (key, value): (&K, &V),
        hash: u64,
        now: impl FnOnce() -> Time,
    ) -> Option<Times> {
        if !self.keeps_anything() {
            return None;
        }
        if !ages.any {
            return Some(Times::until(NEVER));
        }
        let ttl = per_entry.map_or(self.ttl, |ttl| Some(ttl(key, value)));
        // Not before: the hook may take its time.
        let now = now();
        let share = self.share(hash, now);
        let ends = |after: Duration| now.saturating_add(scaled(nanos(after), share));
        let hard = ttl.map_or(NEVER, ends);
        let fresh_until = self.idle.map_or(hard, |idle| hard.min(now.saturating_add(nanos(idle))));
        let deadline = ages.deadline(fresh_until);
        let soft = self.refresh_after.map_or(NEVER, ends);
        (fresh_until > now).then_some(Times { deadline, hard, soft })
    }

    /// What contradicts itself; `ages` says whether there is a `ttl` of any form.
    ///
    /// # Panics
    /// If something does.
    pub(crate) fn check(&self, ages: bool) {
        let reloads = self.refresh_after.is_some() || self.stale_if_error.is_some();
        assert!(
            self.stale_if_error.is_none() || ages || self.idle.is_some(),
            "`stale_if_error` is for what has expired, and nothing ever does: add `ttl`"
        );
        assert!(
            self.refresh_after.is_none_or(|age| self.ttl.is_none_or(|life| age < life)),
            "`refresh_after` has to come before `ttl`: what has expired is not served while it is reloaded"
        );
        assert!(
            self.retry_after.is_none() || reloads,
            "`retry_after` is for reloads that fail: add `stale_if_error` or `refresh_after`"
        );
        assert!(
            self.soft_timeout.is_none() || reloads,
            "`soft_timeout` needs an old value to give up for: add `stale_if_error` or `refresh_after`"
        );
        assert!(
            self.soft_timeout.is_none_or(|soft| self.load_timeout.is_none_or(|hard| soft < hard)),
            "`soft_timeout` has to be shorter than `load_timeout`: a load that is given up is waited for by nobody"
        );
    }

    /// How long the next try has to wait after a reload that failed.
    pub(crate) fn retry_after(&self) -> Time {
        nanos(self.retry_after.unwrap_or(RETRY_AFTER))
    }

    /// The share of its time that an entry gets. Entries that are stored at the same time differ by their hashes, which are
    /// by chance, and the entries of one key by the time.
    fn share(&self, hash: u64, now: Time) -> f64 {
        if self.jitter <= 0.0 {
            return 1.0;
        }
        // 53 bits: as many as a number from 0 to 1 has room for.
        let chance = (mix(hash ^ mix(now)) >> 11) as f64 / (1_u64 << 53) as f64;
        1.0 - self.jitter.min(1.0) * chance
    }
}

/// A time, shortened to a share of it, but not to nothing.
fn scaled(time: Time, share: f64) -> Time {
    if share >= 1.0 || time == NEVER || time == 0 {
        return time;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of it fits, too")]
    let scaled = (time as f64 * share) as Time;
    scaled.clamp(1, time)
}

/// Spreads what is in a number over all its bits: the finalizer of splitmix64 (Steele, Lea, Flood 2014).
fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// The builder, as the attribute writes it down.
impl Options {
    /// Time to live since the value was stored.
    #[must_use]
    pub fn ttl(mut self, ttl: impl Span) -> Self {
        self.fresh.ttl = Some(ttl.span());
        self
    }

    /// Time to live since the last use.
    #[must_use]
    pub fn idle(mut self, idle: impl Span) -> Self {
        self.fresh.idle = Some(idle.span());
        self
    }

    /// The age from which on a value is reloaded while it is served.
    #[must_use]
    pub fn refresh_after(mut self, age: impl Span) -> Self {
        self.fresh.refresh_after = Some(age.span());
        self
    }

    /// How long past its expiry a value is served where its reload fails.
    #[must_use]
    pub fn stale_if_error(mut self, time: impl Span) -> Self {
        self.fresh.stale_if_error = Some(time.span());
        self
    }

    /// How long the next try waits after a reload that failed.
    #[must_use]
    pub fn retry_after(mut self, time: impl Span) -> Self {
        self.fresh.retry_after = Some(time.span());
        self
    }

    /// How long a caller with an old value at hand waits for its reload.
    #[must_use]
    pub fn soft_timeout(mut self, time: impl Span) -> Self {
        self.fresh.soft_timeout = Some(time.span());
        self
    }

    /// How long a load may take.
    #[must_use]
    pub fn load_timeout(mut self, time: impl Span) -> Self {
        self.fresh.load_timeout = Some(time.span());
        self
    }

    /// The share, from 0 to 1, by which an entry's time may be shortened.
    ///
    /// # Panics
    /// If it is no such share.
    #[must_use]
    pub fn jitter(mut self, share: f64) -> Self {
        assert!((0.0..=1.0).contains(&share), "`jitter` is a share from 0 to 1, not {share}");
        self.fresh.jitter = share;
        self
    }
}

/// A span of time: a [`Duration`], or whole seconds.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is no span of time",
    label = "neither a `Duration` nor whole seconds as `u64`",
    note = "write `60s` or `1h30m`, an expression of type `Duration`, or one of type `u64` that counts seconds"
)]
pub trait Span {
    /// As a duration.
    fn span(self) -> Duration;
}

impl Span for Duration {
    fn span(self) -> Duration {
        self
    }
}

impl Span for u64 {
    fn span(self) -> Duration {
        Duration::from_secs(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(fresh: &Fresh, hash: u64, now: Time) -> Option<Times> {
        fresh.times(&fresh.ages(false), None, (&(), &()), hash, || now)
    }

    #[test]
    fn the_shortest_and_the_longest_times_are_sound() {
        let ttl = |ttl| Fresh { ttl: Some(ttl), jitter: 0.5, ..Fresh::default() };
        let deadline = |ttl: &Fresh| times(ttl, 7, 10).map(|times| times.deadline);
        assert_eq!(deadline(&ttl(Duration::ZERO)), None);
        assert_eq!(deadline(&ttl(Duration::from_nanos(1))), Some(11), "jitter leaves it something");
        assert_eq!(deadline(&ttl(Duration::MAX)), Some(NEVER));
        assert_eq!(deadline(&Fresh::default()), Some(NEVER));
    }

    #[test]
    fn jitter_shortens_evenly_and_never_prolongs() {
        let fresh = Fresh { ttl: Some(Duration::from_millis(1)), jitter: 0.25, ..Fresh::default() };
        let lives: Vec<Time> =
            (0..4000).map(|hash| times(&fresh, hash, 100).unwrap().deadline - 100).collect();
        assert!(lives.iter().all(|life| (750_000..=1_000_000).contains(life)));
        for quarter in 0..4 {
            let from = 750_000 + quarter * 62_500;
            let count = lives.iter().filter(|life| (from..from + 62_500).contains(*life)).count();
            assert!((800..1200).contains(&count), "{count} of 4000 from {from}");
        }
    }
}
