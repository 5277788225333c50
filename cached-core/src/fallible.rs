//! What options ask of the way in which a function fails, so that the compiler says in our words what is missing.

use crate::outcome::mode;

/// A function with `stale_if_error` can fail.
pub const fn assert_fails<const MODE: u8, R: Fails<MODE>>() {}

/// The errors of a function with `errors` can be kept.
pub const fn assert_keeps_errors<const MODE: u8, R: KeepsErrors<MODE>>() {}

/// The errors of a function with `load_timeout` can say that a load took too long.
pub const fn assert_late<const MODE: u8, R: TimesOut<MODE>>() {}

#[diagnostic::on_unimplemented(
    message = "`stale_if_error` is for loads that fail, and a `{Self}` says of none that it did",
    label = "no `Result`",
    note = "return a `Result`, or leave the option out: a panic is no answer, and is not replaced by an old value"
)]
pub trait Fails<const MODE: u8> {}

#[diagnostic::on_unimplemented(
    message = "`errors` keeps what a function fails with, and that of a `{Self}` cannot be kept",
    label = "no `Result` with an error that is known to be `Clone + Send + Sync`",
    note = "a kept error is told to many callers: return a `Result` whose error derives `Clone`, or is an `Arc`, or leave the option out"
)]
pub trait KeepsErrors<const MODE: u8> {}

#[diagnostic::on_unimplemented(
    message = "with `load_timeout` a load may end without a result of its own, and a `{Self}` cannot tell so",
    label = "no `Result` with an error that is known to be `From<cached_core::LoadTimeout>`",
    note = "return a `Result` whose error implements `From<cached_core::LoadTimeout>`, or leave the option out"
)]
pub trait TimesOut<const MODE: u8> {}

macro_rules! accepted {
    ($($trait:ident: $($mode:ident),*;)*) => { $($(
        impl<T> $trait<{ mode::$mode }> for T {}
    )*)* };
}
// Where a type was refused altogether, that has been said.
accepted! {
    Fails: RESULT, RESULT_SHARED, RESULT_LATE, RESULT_SHARED_LATE, LOCAL_RESULT, LOCAL_RESULT_SHARED, NO_CLONE, NO_CLONE_RESULT;
    KeepsErrors: RESULT_SHARED, RESULT_SHARED_LATE, LOCAL_RESULT_SHARED, NO_CLONE, NO_CLONE_RESULT;
    TimesOut: RESULT_LATE, RESULT_SHARED_LATE, LOCAL_RESULT, LOCAL_RESULT_SHARED, NO_CLONE, NO_CLONE_RESULT, NOT_SHARED;
}
