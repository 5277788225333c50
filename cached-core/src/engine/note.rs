//! What a hit leaves behind for the policy. Where a function's attribute says enough to know it, that is a constant which
//! is inlined all the way down, so that its hits are compiled for it alone.

use crate::policy::PolicyKind;

/// To be looked up in the cache.
pub(crate) const UNKNOWN: u8 = 0;
/// Nothing.
pub(crate) const NOTHING: u8 = 1;
/// When the entry was used.
pub(crate) const STAMP: u8 = 2;
/// How often, up to a few times.
pub(crate) const COUNT: u8 = 3;
/// That it was used, which the policy has to be told once in a generation.
pub(crate) const MARK: u8 = 4;
/// More than can be done in a few steps: the policy has to be told of each use, or entries age.
pub(crate) const MORE: u8 = 5;

/// Beside the others: the function has no options.
pub(crate) const PLAIN: u8 = 0x80;
/// Beside the others: its options bound the cache or let entries end after a time that is the same for all, and do no more.
pub(crate) const SIMPLE: u8 = 0x40;

/// What a hit leaves behind, without what else is said.
pub(crate) const fn of_hit(note: u8) -> u8 {
    note & !(PLAIN | SIMPLE)
}

/// Whether the function has no options.
pub(crate) const fn is_plain(note: u8) -> bool {
    note & PLAIN != 0
}

/// Whether its options do no more than to bound the cache, or to let entries end.
pub(crate) const fn is_simple(note: u8) -> bool {
    note & SIMPLE != 0
}

/// What a policy of the library's asks for; `UNKNOWN` of others.
#[must_use]
pub(crate) const fn of(policy: PolicyKind) -> u8 {
    match policy {
        PolicyKind::Unbounded | PolicyKind::Fifo | PolicyKind::Random => NOTHING,
        PolicyKind::Lru => STAMP,
        PolicyKind::Lfu | PolicyKind::Sieve | PolicyKind::S3Fifo => COUNT,
        PolicyKind::Adaptive => MARK,
        PolicyKind::TinyLfu | PolicyKind::Lirs | PolicyKind::Arc => MORE,
        PolicyKind::Custom(_) => UNKNOWN,
    }
}

/// The same for expansions: by the policy's name where nothing ages.
#[expect(non_upper_case_globals, missing_docs, reason = "named as the policies are")]
pub mod by_policy {
    use super::{MORE, of};
    use crate::policy::PolicyKind;

    /// Of a function without options.
    pub const PLAIN: u8 = super::NOTHING | super::PLAIN;
    /// Beside any of the others.
    pub const SIMPLE: u8 = super::SIMPLE;
    pub const Unbounded: u8 = of(PolicyKind::Unbounded);
    pub const Lru: u8 = of(PolicyKind::Lru);
    pub const Lfu: u8 = of(PolicyKind::Lfu);
    pub const Fifo: u8 = of(PolicyKind::Fifo);
    pub const Sieve: u8 = of(PolicyKind::Sieve);
    pub const S3Fifo: u8 = of(PolicyKind::S3Fifo);
    pub const TinyLfu: u8 = of(PolicyKind::TinyLfu);
    pub const Lirs: u8 = of(PolicyKind::Lirs);
    pub const Arc: u8 = of(PolicyKind::Arc);
    pub const Random: u8 = of(PolicyKind::Random);
    pub const Adaptive: u8 = of(PolicyKind::Adaptive);
    /// Where nothing is known of it.
    pub const UNKNOWN: u8 = super::UNKNOWN;
    /// Where entries age, or have tags.
    pub const AGEING: u8 = MORE;
}
