//! All that expansions of the attributes may name. No part of the public face: it changes with any release.

pub use crate::asked::{Asked, OfEntry, memo_of_entry};
pub use crate::batch::gather::Gathering;
pub use crate::batch::plan::{Answers, Batch, Form, Kin, Plan};
pub use crate::checked::CallNever;
pub use crate::checked::{
    Checked, CheckedAgain, CheckedArgs, CheckedSite, Lent as LentAgain, NeverDeferred, NeverForced,
    NeverOwned, Unchecked, UncheckedAgain, UncheckedArgs, UncheckedMemo, UncheckedSite, UnsentCall,
};
pub use crate::companion::{
    AsyncCompanion, AsyncFunction, AsyncOwningCompanion, Companion, Function, Given, KeyedCompanion,
    KeyedFunction, Lending, List, OwningCompanion, Place, Text, Whole,
};
pub use crate::face::{AsyncBody, CallHere, Face, FaceOf, bound_for, from_kept, from_shown, memo_by};
pub use crate::fallible::{assert_fails, assert_keeps_errors, assert_late};
pub use crate::field::{FieldOf, Fits};
pub use crate::fit::{
    FitHeldRefKey, FitKey, FitRefKey, FitThreadKey, FitThreadRefKey, FitThreadValue, FitValue, assert_held,
    assert_held_behind,
};
#[path = "hints.rs"]
pub mod hints;
pub use crate::engine::note::by_policy as note;
pub use crate::hooks::Hooks;
pub use crate::key::{
    Args, ArrayOf, At, Behind, Bound, BoundAs, BoundByLoan, BoundItself, ByEq, CowOf, KnownPart, Lent,
    ListOf, Mode, OptionOf, OwnPart, Part, Parted, PointerOf, RefKey, RefTo, SharedPart, SliceOf, ThreadOwn,
    Unkeyed, ValKey, lent, mode as key_mode, part,
};
pub use crate::lazy::{Deferred, Forced};
pub use crate::options::Options;
pub use crate::outcome::{Outcome, mode as outcome_mode};
pub use crate::probe::{DebugFn, Probe, Unknown, Unshown};
pub use crate::site::Site;
pub use crate::spec::Spec;
pub use crate::thread::ScopeThread;
pub use crate::unmade::{Judged, Known, Unmade, known, size_of_function, size_of_method};
pub use crate::yields;

/// This crate, for whoever knows it by another name: one import of it that fails is one error.
pub extern crate self as this_crate;

pub use crate::warm::{AsyncWarmUp, WarmHere, WarmUp, WarmedKey, Warming, loaded, warm_async};
use crate::warm::{Warm, Warmed};

pub use crate::store_batch_async::{BatchBody, BatchHere, BatchSent, ByAll, ByCaller, ByThread};
pub use crate::written::{Copied, CopiedAnyway, ToWrite, Unwritten, Written, WrittenAnyway, once};

use std::hash::Hash;

use crate::memo::Memo;
use crate::probe::{Fit, IsPlain, IsResult};

/// Panics unless the structure of what a memo holds is sound: for tests, and where debug assertions are off nothing.
pub fn assert_valid<K: Send + Sync + 'static, V: Send + Sync + 'static>(memo: &Memo<K, V>) {
    #[cfg(any(test, fuzzing, debug_assertions))]
    memo.store().table_and_counters().0.assert_valid();
    let _ = memo;
}

/// A call of a batch function.
pub fn batch_call<const ITEM: u8, P: Plan>(
    _: P,
    memo: &Memo<P::Key, P::Kept>,
    keys: &[P::Elem],
    max: usize,
    body: impl FnMut(&[P::Elem]) -> P::Returned,
) -> P::Returned
where
    P::Item: Outcome<ITEM, Kept = P::Kept>,
{
    memo.store().call_batch::<P, ITEM>(keys, max, body)
}

/// `load` of a batch function.
#[expect(clippy::needless_pass_by_value, reason = "expansions give what they have")]
pub fn batch_load<const ITEM: u8, P: Plan>(
    _: P,
    memo: &Memo<P::Key, P::Kept>,
    key: P::Elem,
    how: Gathering,
    body: impl FnMut(&[P::Elem]) -> P::Returned,
) -> P::One
where
    P::Item: Outcome<ITEM, Kept = P::Kept>,
{
    memo.store().load_one::<P, ITEM>(&key, &how, body)
}

/// `refresh` of a batch function.
#[expect(clippy::needless_pass_by_value, reason = "expansions give what they have")]
pub fn batch_refresh<const ITEM: u8, P: Plan>(
    _: P,
    memo: &Memo<P::Key, P::Kept>,
    key: P::Elem,
    body: impl FnOnce(&[P::Elem]) -> P::Returned,
) -> P::One
where
    P::Item: Outcome<ITEM, Kept = P::Kept>,
{
    memo.store().refresh_one::<P, ITEM>(&key, body)
}

/// `warm_with` of a batch function.
#[expect(clippy::needless_pass_by_value, reason = "expansions give what they have")]
pub fn batch_warm<const ITEM: u8, P: Plan>(
    _: P,
    memo: &Memo<P::Key, P::Kept>,
    keys: Vec<P::Elem>,
    max: usize,
    how: Warm<'_>,
    body: impl FnMut(&[P::Elem]) -> P::Returned,
) -> Warmed
where
    P::Item: Outcome<ITEM, Kept = P::Kept>,
{
    memo.store().warm_batch::<P, ITEM>(&keys, max, &how, body)
}

/// A skipped argument of a batch function, for one more run of the body.
pub fn again<T: Clone>(arg: &T) -> T {
    arg.clone()
}

/// What the handle of a lazy method keeps of the object that it was called on.
pub fn held<T: Holdable>(object: &T) -> T {
    object.clone()
}

/// What such a handle can keep.
#[diagnostic::on_unimplemented(
    message = "a lazy call of a method holds the object, and `{Self}` cannot be held",
    label = "not `Clone + Send + Sync + 'static`",
    note = "take `self: &Arc<Self>`, or make it what is missing"
)]
pub trait Holdable: Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + Send + Sync + 'static> Holdable for T {}

/// The memo that is a field of an instance, which learns here whose it is.
#[inline]
pub fn bound<const ARE_FIT: bool, K: 'static, V: 'static>(
    memo: &<Fits<ARE_FIT> as FieldOf<K, V>>::Field,
    spec: fn() -> Spec<K, V>,
) -> &Memo<K, V>
where
    Fits<ARE_FIT>: FieldOf<K, V>,
{
    Fits::<ARE_FIT>::bound(memo, spec)
}

/// An owned argument can be looked up by, or the compiler says so.
pub const fn assert_key<const MODE: u8, T: AsKey<MODE> + SharedKey<MODE>>() {}

/// A borrowed argument can be looked up by, or the compiler says so.
pub const fn assert_ref_key<const MODE: u8, T: ?Sized + AsRefKey<MODE> + SharedKey<MODE>>() {}

/// The return value of a batch has one of the forms it may have, or the compiler says so.
pub const fn assert_answers<K, const WHOLE: u8, R>()
where
    R: Outcome<WHOLE>,
    R::Kept: Answers<K>,
{
}
/// The same for a type that is generic: what a probe says of it is a type, which the compiler knows there, too.
pub fn assert_generic_key<T: ?Sized>(_: impl GenericKey<T>) {}

/// The same for a type that is generic and borrowed.
pub fn assert_generic_ref_key<T: ?Sized>(_: impl GenericRefKey<T>) {}

/// The same for a generic value.
pub fn assert_generic_value<T: ?Sized>(_: impl GenericValue<T>) {}

/// An owned argument can be part of a key of one thread's, or the compiler says so.
pub const fn assert_key_of_thread<const MODE: u8, T: AsKey<MODE>>() {}

/// The same for a borrowed argument.
pub const fn assert_ref_key_of_thread<const MODE: u8, T: ?Sized + AsRefKey<MODE>>() {}

/// The same for a type that is generic.
pub const fn assert_generic_key_of_thread<T: GenericThreadKey>() {}

/// The same for a type that is generic and borrowed.
pub const fn assert_generic_ref_key_of_thread<T: ?Sized + GenericThreadRefKey>() {}

/// A returned value can be kept by one thread, or the compiler says so.
pub const fn assert_value_of_thread<const MODE: u8, T: CloneValue<MODE>>() {}

/// The same for a generic value.
pub const fn assert_generic_value_of_thread<T: GenericThreadValue>() {}

/// A returned value can be kept, or the compiler says so.
pub const fn assert_value<const MODE: u8, T: CloneValue<MODE> + SharedValue<MODE>>() {}

#[diagnostic::on_unimplemented(
    message = "an argument of type `{Self}` cannot be part of a cache key",
    label = "not `Hash + Eq + Clone`",
    note = "derive `Hash`, `PartialEq`, `Eq` and `Clone` for it, leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait AsKey<const MODE: u8> {}

#[diagnostic::on_unimplemented(
    message = "an argument of type `&{Self}` cannot be part of a cache key",
    label = "`{Self}` is not `Hash + Eq + ToOwned` with an owned form that is `Hash + Eq + Clone`",
    note = "derive `Hash`, `PartialEq`, `Eq` and `Clone` for it, leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait AsRefKey<const MODE: u8> {}

#[diagnostic::on_unimplemented(
    message = "an argument of type `{Self}` cannot be part of a cache key that threads share",
    label = "not `Send + Sync`",
    note = "with `scope = thread` each thread has a cache of its own, and shares nothing",
    note = "leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait SharedKey<const MODE: u8> {}

#[diagnostic::on_unimplemented(
    message = "an argument of type `{T}` cannot be part of a cache key",
    label = "not known to be `Hash + Eq + Clone + Send + Sync + 'static`",
    note = "derive what is missing, add it to the bounds, leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait GenericKey<T: ?Sized> {}

impl<T: ?Sized> GenericKey<T> for Fit {}

#[diagnostic::on_unimplemented(
    message = "an argument of type `&{T}` cannot be part of a cache key",
    label = "`{T}` is not known to be `Hash + Eq + Clone + Send + Sync + 'static`",
    note = "derive what is missing, add it to the bounds, leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait GenericRefKey<T: ?Sized> {}

impl<T: ?Sized> GenericRefKey<T> for Fit {}

#[diagnostic::on_unimplemented(
    message = "a returned `{T}` cannot be kept in a cache",
    label = "not known to be `Clone + Send + Sync + 'static`",
    note = "derive what is missing, add it to the bounds, or return it in an `Arc`"
)]
pub trait GenericValue<T: ?Sized> {}

impl<T: ?Sized> GenericValue<T> for Fit {}

#[diagnostic::on_unimplemented(
    message = "a returned `{Self}` cannot be kept in a cache",
    label = "what is kept must be `Clone`: a hit returns a clone of it",
    note = "derive `Clone` for it and for what it is made of (of a `Result` for what is in its `Ok`), or return that in an `Arc`"
)]
pub trait CloneValue<const MODE: u8> {}

#[diagnostic::on_unimplemented(
    message = "a returned `{Self}` cannot be kept in a cache that threads share",
    label = "what is kept must be `Send + Sync`",
    note = "with `scope = thread` each thread has a cache of its own, and shares nothing",
    note = "use types that can be shared: `Arc` for `Rc`, `Mutex` for `RefCell`, `dyn Trait + Send + Sync` for `dyn Trait`"
)]
pub trait SharedValue<const MODE: u8> {}

#[diagnostic::on_unimplemented(
    message = "an argument of type `{Self}` cannot be part of a cache key",
    label = "not known to be `Hash + Eq + Clone + 'static`",
    note = "add what is missing to the bounds, leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait GenericThreadKey {}

impl<T: Hash + Eq + Clone + 'static> GenericThreadKey for T {}

#[diagnostic::on_unimplemented(
    message = "an argument of type `&{Self}` cannot be part of a cache key",
    label = "not known to be `Hash + Eq + ToOwned` with an owned form that is `Clone + 'static`",
    note = "add what is missing to the bounds, leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait GenericThreadRefKey {}

impl<T> GenericThreadRefKey for T
where
    T: ?Sized + Hash + Eq + ToOwned,
    T::Owned: Clone + 'static,
{
}

#[diagnostic::on_unimplemented(
    message = "a returned `{Self}` cannot be kept in a cache",
    label = "not known to be `Clone + 'static`",
    note = "add what is missing to the bounds, or return it in an `Rc`"
)]
pub trait GenericThreadValue {}

impl<T: Clone + 'static> GenericThreadValue for T {}

/// What a generic function returns is no `Result` by another name, or the compiler says so: the type of
/// `Probe::<R>::NEW.__kind()` is known without knowing the parameters.
pub fn assert_seen<K: SeenThrough>(_kind: K) {}

#[diagnostic::on_unimplemented(
    message = "a generic function returns a `Result` under another name: its errors would be kept",
    label = "this is a `Result`",
    note = "spell it `Result<..>`, so that only `Ok` is kept"
)]
pub trait SeenThrough {}

impl SeenThrough for IsPlain {}

/// Named by an error message: see [`SeenThrough`].
pub type ResultByAnotherName = IsResult;

macro_rules! accepted {
    ($($trait:ident: $($mode:expr),*;)*) => { $($(
        impl<T: ?Sized> $trait<{ $mode }> for T {}
    )*)* };
}
accepted! {
    AsKey: key_mode::BY_EQ, key_mode::BY_BITS, key_mode::NOT_SHARED;
    AsRefKey: key_mode::BY_EQ, key_mode::BY_BITS, key_mode::NOT_SHARED;
    SharedKey: key_mode::BY_EQ, key_mode::BY_BITS, key_mode::NO_KEY, key_mode::NO_KEY_OWNED,
        key_mode::NO_KEY_UNSIZED;
    CloneValue: outcome_mode::PLAIN, outcome_mode::RESULT, outcome_mode::RESULT_SHARED, outcome_mode::NOT_SHARED,
        outcome_mode::RESULT_LATE, outcome_mode::RESULT_SHARED_LATE, outcome_mode::LOCAL_RESULT, outcome_mode::LOCAL_RESULT_SHARED;
    SharedValue: outcome_mode::PLAIN, outcome_mode::RESULT, outcome_mode::RESULT_SHARED, outcome_mode::NO_CLONE,
        outcome_mode::NO_CLONE_RESULT, outcome_mode::RESULT_LATE, outcome_mode::RESULT_SHARED_LATE;
}
