//! How a cache is to behave: what the attribute's options say, or the defaults.

use std::time::Duration;

use crate::info::PolicyKind;

/// The options of one cache. The attribute writes them down as calls of this type's methods.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub(crate) max: Option<usize>,
    pub(crate) ttl: Option<Duration>,
    pub(crate) policy: Option<PolicyKind>,
}

impl Options {
    /// No bound, no age.
    pub fn new() -> Self {
        Self::default()
    }

    /// Most entries kept; 0 keeps nothing.
    #[must_use]
    pub fn max(mut self, max: usize) -> Self {
        self.max = Some(max);
        self
    }

    /// Time to live since the value was stored.
    #[must_use]
    pub fn ttl(mut self, ttl: impl Into<Ttl>) -> Self {
        self.ttl = Some(ttl.into().0);
        self
    }

    /// Who leaves when the cache is full.
    #[must_use]
    pub fn policy(mut self, policy: PolicyKind) -> Self {
        self.policy = Some(policy);
        self
    }

    pub(crate) fn effective_policy(&self) -> PolicyKind {
        match self.max {
            None => PolicyKind::Unbounded,
            Some(_) => self.policy.unwrap_or(PolicyKind::Lru),
        }
    }

    /// Whether a value could ever be found again.
    pub(crate) fn keeps_anything(&self) -> bool {
        self.max != Some(0) && self.ttl != Some(Duration::ZERO)
    }
}

/// A time to live: a [`Duration`], or whole seconds.
#[derive(Clone, Copy, Debug)]
pub struct Ttl(Duration);

impl From<Duration> for Ttl {
    fn from(ttl: Duration) -> Self {
        Self(ttl)
    }
}

impl From<u64> for Ttl {
    fn from(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }
}
