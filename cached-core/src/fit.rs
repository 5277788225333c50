//! What a type parameter must be fit for, each in one word: what is emitted beside a generic function asks for these, so that
//! whoever calls it with less is told once, in our words, where the function is.

use std::hash::Hash;

/// A type that an owned argument can be of.
#[diagnostic::on_unimplemented(
    message = "an argument of type `{Self}` cannot be part of a cache key",
    label = "not known to be `Hash + Eq + Clone + Send + Sync + 'static`",
    note = "derive what is missing, add it to the bounds, leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait FitKey: Hash + Eq + Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Hash + Eq + Clone + Send + Sync + 'static> FitKey for T {}

/// A type that an argument can be a reference to.
#[diagnostic::on_unimplemented(
    message = "an argument of type `&{Self}` cannot be part of a cache key",
    label = "`{Self}` is not known to be `Hash + Eq + Clone + Send + Sync + 'static`",
    note = "derive what is missing, add it to the bounds, leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait FitRefKey: Hash + Eq + ToOwned<Owned: Clone + Send + Sync + 'static> + 'static {}

#[diagnostic::do_not_recommend]
impl<T> FitRefKey for T
where
    T: ?Sized + Hash + Eq + ToOwned + 'static,
    T::Owned: Clone + Send + Sync + 'static,
{
}

/// [`FitRefKey`] of a lazy call's future, which holds such a reference while it waits.
#[diagnostic::on_unimplemented(
    message = "an argument of type `&{Self}` cannot be part of a cache key",
    label = "`{Self}` is not known to be `Hash + Eq + Clone + Send + Sync + 'static`",
    note = "derive what is missing, add it to the bounds, leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait FitHeldRefKey: Hash + Eq + Sync + ToOwned<Owned: Clone + Send + Sync + 'static> + 'static {}

#[diagnostic::do_not_recommend]
impl<T> FitHeldRefKey for T
where
    T: ?Sized + Hash + Eq + Sync + ToOwned + 'static,
    T::Owned: Clone + Send + Sync + 'static,
{
}

/// A type of what can be kept.
#[diagnostic::on_unimplemented(
    message = "a returned `{Self}` cannot be kept in a cache",
    label = "not known to be `Clone + Send + Sync + 'static`",
    note = "derive what is missing, add it to the bounds, or return it in an `Arc`"
)]
pub trait FitValue: Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + Send + Sync + 'static> FitValue for T {}

/// A type of what a load brings that goes on without its caller.
#[diagnostic::on_unimplemented(
    message = "with `soft_timeout` a load goes on in a task of its own, and a returned `{Self}` cannot be sent from there",
    label = "returns what is not known to be `Send + 'static`",
    note = "return what can be sent, `Box<dyn Error + Send + Sync>` for `Box<dyn Error>`, or leave the option out"
)]
pub trait FitTask: Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> FitTask for T {}

/// [`FitKey`] where each thread has a cache of its own.
#[diagnostic::on_unimplemented(
    message = "an argument of type `{Self}` cannot be part of a cache key",
    label = "not known to be `Hash + Eq + Clone + 'static`",
    note = "add what is missing to the bounds, leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait FitThreadKey: Hash + Eq + Clone + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Hash + Eq + Clone + 'static> FitThreadKey for T {}

/// [`FitRefKey`] where each thread has a cache of its own.
#[diagnostic::on_unimplemented(
    message = "an argument of type `&{Self}` cannot be part of a cache key",
    label = "not known to be `Hash + Eq + ToOwned` with an owned form that is `Clone + 'static`",
    note = "add what is missing to the bounds, leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait FitThreadRefKey: Hash + Eq + ToOwned<Owned: Clone + 'static> + 'static {}

#[diagnostic::do_not_recommend]
impl<T> FitThreadRefKey for T
where
    T: ?Sized + Hash + Eq + ToOwned + 'static,
    T::Owned: Clone + 'static,
{
}

/// [`FitValue`] where each thread has a cache of its own.
#[diagnostic::on_unimplemented(
    message = "a returned `{Self}` cannot be kept in a cache",
    label = "not known to be `Clone + 'static`",
    note = "add what is missing to the bounds, or return it in an `Rc`"
)]
pub trait FitThreadValue: Clone + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + 'static> FitThreadValue for T {}

/// What an option says of each entry: whichever thread comes for it asks.
#[diagnostic::on_unimplemented(
    message = "what an option says of each entry cannot be asked by every thread",
    label = "holds or borrows what is not `Send + Sync + 'static`",
    note = "let it own what it needs, as an `Arc` or a copy"
)]
pub trait FitHook: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> FitHook for T {}

/// What a lazy call can hold until it is forced.
#[diagnostic::on_unimplemented(
    message = "a lazy call holds its arguments, and `{Self}` cannot be held",
    label = "not `Clone + Send + Sync + 'static`",
    note = "take it in an `Arc`, or make it what is missing"
)]
pub trait Held: Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + Send + Sync + 'static> Held for T {}

/// What a lazy call can hold an owned form of until it is forced.
#[diagnostic::on_unimplemented(
    message = "a lazy call holds its arguments, and `&{Self}` cannot be held",
    label = "nothing that is `Clone + Send + Sync + 'static` owns a `{Self}`",
    note = "take it in an `Arc`, or make it what is missing"
)]
pub trait HeldBehind {}

#[diagnostic::do_not_recommend]
impl<T> HeldBehind for T
where
    T: ?Sized + ToOwned,
    T::Owned: Clone + Send + Sync + 'static,
{
}

/// An argument that a lazy call holds, or the compiler says so.
pub const fn assert_held<T: Held>() {}

/// The same of one that is borrowed.
pub const fn assert_held_behind<T: ?Sized + HeldBehind>() {}
