//! How a cache is to behave: what the attribute's options say, or the defaults.

use crate::fresh::Fresh;
use crate::policy::{Policy, PolicyKind};

/// The options of one cache. The attribute writes them down as calls of this type's methods.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub(crate) bound: Bound,
    pub(crate) fresh: Fresh,
    /// Whether every caller that misses runs the body.
    pub(crate) alone: bool,
}

/// How much a cache keeps, and who leaves when that is too much.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bound {
    pub(crate) max: Option<usize>,
    pub(crate) max_weight: Option<u64>,
    policy: Option<PolicyKind>,
    custom: Option<fn(usize) -> Box<dyn Policy>>,
}

/// More entries than fit into memory are not expected: policies reckon with a few times their number.
const MOST: usize = 1 << 28;

impl Bound {
    /// Who leaves when the cache is full.
    pub(crate) fn policy(&self) -> PolicyKind {
        if self.is_bounded() { self.policy.unwrap_or(PolicyKind::Adaptive) } else { PolicyKind::Unbounded }
    }

    /// The policy that was asked for, bounded or not.
    pub(crate) fn asked(&self) -> Option<PolicyKind> {
        self.policy
    }

    pub(crate) fn is_bounded(&self) -> bool {
        self.max.is_some() || self.max_weight.is_some()
    }

    /// About how many entries there will be. Where weights bound the cache that shows only later, and a bound may be beyond all that can be kept.
    pub(crate) fn expected(&self) -> usize {
        self.max.unwrap_or(1024).min(MOST)
    }

    pub(crate) fn make_policy(&self, capacity: usize) -> Box<dyn Policy> {
        match self.custom {
            Some(make) => make(capacity),
            None => self.policy().make(capacity).expect("a bounded cache has a policy that can be made"),
        }
    }
}

impl Options {
    /// No bound, no age.
    pub fn new() -> Self {
        Self::default()
    }

    /// Most entries kept; 0 keeps nothing.
    #[must_use]
    pub fn max(mut self, max: usize) -> Self {
        self.bound.max = Some(max);
        self
    }

    /// Most weight kept; 0 keeps nothing. An entry weighs what the weigher says, and at least 1.
    #[must_use]
    pub fn max_weight(mut self, max: u64) -> Self {
        self.bound.max_weight = Some(max);
        self
    }

    /// Whether callers that miss a key at the same time share one load.
    #[must_use]
    pub fn single_flight(mut self, shared: bool) -> Self {
        self.alone = !shared;
        self
    }

    /// Who leaves when the cache is full.
    #[must_use]
    pub fn policy(mut self, policy: PolicyKind) -> Self {
        self.bound.policy = Some(policy);
        self
    }

    /// Who leaves when the cache is full, by a policy of one's own.
    #[must_use]
    pub fn policy_of<P: Policy + 'static>(mut self) -> Self {
        let name = std::any::type_name::<P>();
        let name = name.split('<').next().and_then(|path| path.rsplit("::").next()).unwrap_or(name);
        self.bound.policy = Some(PolicyKind::Custom(name));
        self.bound.custom = Some(|capacity| Box::new(P::with_capacity(capacity)));
        self
    }

    /// Whether a value could ever be found again.
    pub(crate) fn keeps_anything(&self) -> bool {
        self.bound.max != Some(0) && self.bound.max_weight != Some(0) && self.fresh.keeps_anything()
    }
}
