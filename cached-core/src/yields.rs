//! What a value of an option with several branches yields: the compiler is asked once whether that fits, and not at each branch. Written
//! out, as errors show it.

use std::time::Duration;

/// What `ttl` takes.
#[diagnostic::on_unimplemented(
    message = "what `ttl` works out for an entry is a `Duration`, and no `{Self}`",
    label = "of another type",
    note = "`Duration::from_secs(60)` is one, and `Duration::MAX` is that of what never expires"
)]
pub trait Ttl: Into<Duration> {}
impl Ttl for Duration {}

/// Gives it back.
#[inline(always)]
pub fn ttl(value: impl Ttl) -> Duration {
    value.into()
}

/// What `store_if` takes.
#[diagnostic::on_unimplemented(
    message = "what `store_if` says of a value is a `bool`, and no `{Self}`",
    label = "of another type",
    note = "what is not to be stored is `false`"
)]
pub trait StoreIf: Into<bool> {}
impl StoreIf for bool {}

/// Gives it back.
#[inline(always)]
pub fn store_if(value: impl StoreIf) -> bool {
    value.into()
}

/// What `weigher` takes.
#[diagnostic::on_unimplemented(
    message = "what `weigher` works out for an entry is a `u64`, and no `{Self}`",
    label = "of another type",
    note = "say it as one: `.. as u64`"
)]
pub trait Weigher: Into<u64> {}
impl Weigher for u64 {}

/// Gives it back.
#[inline(always)]
pub fn weigher(value: impl Weigher) -> u64 {
    value.into()
}

/// What `max` takes.
#[diagnostic::on_unimplemented(
    message = "`max` counts entries as a `usize`, and not as `{Self}`",
    label = "of another type",
    note = "say it as one: `.. as usize`; without a bound, leave `max` out"
)]
pub trait Max: Into<usize> {}
impl Max for usize {}

/// Gives it back.
#[inline(always)]
pub fn max(value: impl Max) -> usize {
    value.into()
}

/// What `max_weight` takes.
#[diagnostic::on_unimplemented(
    message = "`max_weight` is a `u64`, and no `{Self}`",
    label = "of another type",
    note = "say it as one: `.. as u64`"
)]
pub trait MaxWeight: Into<u64> {}
impl MaxWeight for u64 {}

/// Gives it back.
#[inline(always)]
pub fn max_weight(value: impl MaxWeight) -> u64 {
    value.into()
}
