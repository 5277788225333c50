//! What a concrete type can do, asked of the compiler where an attribute was written, so that expansions need not guess it
//! from the type's name.

use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::batch::BatchLengthError;
use crate::batch::plan::Answers;
use crate::key::{FloatBits, Mode, RefKey, mode};
use crate::late::LoadTimeout;

/// Asks at compile time what a concrete type can do: an inherent constant wins over the constant of the trait
/// [`Unknown`], and it is there only where its bounds hold.
#[derive(Debug)]
pub struct Probe<T: ?Sized>(Blank<T>);

/// The answers of [`Probe`] where nothing more is known.
pub trait Unknown {
    /// Asked for in any case, so that importing this trait is never called unused.
    const NOTHING: () = ();
    /// `Hash + Eq + Clone`, as an owned argument needs it.
    const BY_EQ: bool = false;
    /// The same, and `Send + Sync`.
    const SHARED: bool = false;
    /// `Hash + Eq + ToOwned`, as a borrowed argument needs it.
    const REF_BY_EQ: bool = false;
    /// The same, and the owned form is `Send + Sync`.
    const REF_SHARED: bool = false;
    /// `ToOwned`.
    const OWNED: bool = false;
    /// `Sized`.
    const SIZED: bool = false;
    /// A float.
    const BY_BITS: bool = false;
    /// A float or a slice of floats.
    const REF_BY_BITS: bool = false;
    /// `Clone`.
    const CLONE: bool = false;
    /// `Send + Sync`.
    const SYNC: bool = false;
    /// A `Result`.
    const IS_RESULT: bool = false;
    /// A `Result` with an `Ok` that is `Clone`.
    const OK_CLONE: bool = false;
    /// A `Result` with an `Ok` that is `Send + Sync`.
    const OK_SYNC: bool = false;
    /// A `Result` with an error that can be told to several callers.
    const ERR_SHARED: bool = false;
    /// A `Result` with an error that can say that a batch's answer had the wrong length.
    const ERR_LENGTH: bool = false;
    /// A `Result` with an error that can say that a load took too long.
    const ERR_LATE: bool = false;
    /// `Send`.
    const SEND: bool = false;
    /// A key and what a batch of such keys may be answered with.
    const FIT: bool = false;
}

impl<T: ?Sized> Unknown for Probe<T> {}

/// `Debug` of a type.
pub type DebugFn<T> = fn(&T, &mut fmt::Formatter<'_>) -> fmt::Result;

/// The answer of [`Probe`] where a type has no `Debug`.
pub trait Unshown<T> {
    /// Asked for in any case, so that importing this trait is never called unused.
    const NONE: () = ();
    /// `Debug` of the type.
    const DEBUG: Option<DebugFn<T>> = None;
}

impl<T> Unshown<T> for Probe<T> {}

impl<T: fmt::Debug> Probe<T> {
    /// See [`Unshown::DEBUG`].
    pub const DEBUG: Option<DebugFn<T>> = Some(T::fmt);
}

/// Questions that are asked of a value: where a method's bounds do not hold, the compiler goes on to what the probe
/// dereferences to, and finds the same method there. It does so in generic code, too, with what is known there. They are called as no
/// trait's method is that everything has: where it does not hold here, that would be found first.
impl<T: ?Sized> Probe<T> {
    /// The value to ask.
    pub const NEW: Self = Self(Blank(PhantomData));
}

/// The answers of [`Probe`]'s methods where nothing more is known.
#[derive(Debug)]
pub struct Blank<T: ?Sized>(PhantomData<T>);

impl<T: ?Sized> Deref for Probe<T> {
    type Target = Blank<T>;

    fn deref(&self) -> &Blank<T> {
        &self.0
    }
}

impl<T: fmt::Debug> Probe<T> {
    /// `Debug` of the type.
    pub fn __debug(&self) -> Option<DebugFn<T>> {
        Some(T::fmt)
    }
}

#[expect(clippy::unused_self, reason = "found in the place of methods")]
impl<T> Blank<T> {
    /// There is none.
    pub fn __debug(&self) -> Option<DebugFn<T>> {
        None
    }
}

/// A `Result`, whatever its name.
#[derive(Debug)]
pub struct IsResult;

/// No `Result`, as far as is known.
#[derive(Debug)]
pub struct IsPlain;

impl<T, E> Probe<Result<T, E>> {
    /// Whether it is a `Result`.
    pub fn __kind(&self) -> IsResult {
        IsResult
    }
}

#[expect(clippy::unused_self, reason = "found in the place of a method")]
impl<T: ?Sized> Blank<T> {
    /// It is none.
    pub fn __kind(&self) -> IsPlain {
        IsPlain
    }
}

/// A type that is fit for what was asked, as far as is known.
#[derive(Debug)]
pub struct Fit;

/// A type that is not known to be fit.
#[derive(Debug)]
pub struct Unfit;

impl<T: Hash + Eq + Clone + Send + Sync + 'static> Probe<T> {
    /// Whether it can be an owned argument.
    pub fn __key(&self) -> Fit {
        Fit
    }
}

impl<T: ?Sized + Hash + Eq + ToOwned> Probe<T>
where
    T::Owned: Clone + Send + Sync + 'static,
{
    /// Whether it can be a borrowed argument.
    pub fn __ref_key(&self) -> Fit {
        Fit
    }
}

impl<T: Clone + Send + Sync + 'static> Probe<T> {
    /// Whether it can be kept.
    pub fn __value(&self) -> Fit {
        Fit
    }
}

#[expect(clippy::unused_self, reason = "found in the place of methods")]
impl<T: ?Sized> Blank<T> {
    /// It cannot.
    pub fn __key(&self) -> Unfit {
        Unfit
    }

    /// It cannot.
    pub fn __ref_key(&self) -> Unfit {
        Unfit
    }

    /// It cannot.
    pub fn __value(&self) -> Unfit {
        Unfit
    }
}

impl<T: Clone> Probe<T> {
    /// See [`Unknown::CLONE`].
    pub const CLONE: bool = true;
}

impl<T: Send + Sync> Probe<T> {
    /// See [`Unknown::SYNC`].
    pub const SYNC: bool = true;
}

impl<T, E> Probe<Result<T, E>> {
    /// See [`Unknown::IS_RESULT`].
    pub const IS_RESULT: bool = true;
}

impl<T: Clone, E> Probe<Result<T, E>> {
    /// See [`Unknown::OK_CLONE`].
    pub const OK_CLONE: bool = true;
}

impl<T: Send + Sync, E> Probe<Result<T, E>> {
    /// See [`Unknown::OK_SYNC`].
    pub const OK_SYNC: bool = true;
}

impl<T, E: Clone + Send + Sync + 'static> Probe<Result<T, E>> {
    /// See [`Unknown::ERR_SHARED`].
    pub const ERR_SHARED: bool = true;
}

impl<T, E: From<BatchLengthError>> Probe<Result<T, E>> {
    /// See [`Unknown::ERR_LENGTH`].
    pub const ERR_LENGTH: bool = true;
}

impl<T, E: From<LoadTimeout>> Probe<Result<T, E>> {
    /// See [`Unknown::ERR_LATE`].
    pub const ERR_LATE: bool = true;
}

impl<T, A: Answers<T>> Probe<(T, A)> {
    /// See [`Unknown::FIT`].
    pub const FIT: bool = true;
}

impl<T: Send> Probe<T> {
    /// See [`Unknown::SEND`].
    pub const SEND: bool = true;
}

impl<T: Hash + Eq + Clone> Probe<T> {
    /// See [`Unknown::BY_EQ`].
    pub const BY_EQ: bool = true;
}

impl<T: Hash + Eq + Clone + Send + Sync> Probe<T> {
    /// See [`Unknown::SHARED`].
    pub const SHARED: bool = true;
}

impl<T> Probe<T>
where
    T: ?Sized + Hash + Eq + ToOwned,
    T::Owned: Hash + Eq + Clone,
{
    /// See [`Unknown::REF_BY_EQ`].
    pub const REF_BY_EQ: bool = true;
}

impl<T> Probe<T>
where
    T: ?Sized + Hash + Eq + ToOwned,
    T::Owned: Hash + Eq + Clone + Send + Sync,
{
    /// See [`Unknown::REF_SHARED`].
    pub const REF_SHARED: bool = true;
}

impl<T> Probe<T> {
    /// See [`Unknown::SIZED`].
    pub const SIZED: bool = true;
}

impl<T: ?Sized + ToOwned> Probe<T> {
    /// See [`Unknown::OWNED`].
    pub const OWNED: bool = true;
}

impl<T: FloatBits> Probe<T> {
    /// See [`Unknown::BY_BITS`].
    pub const BY_BITS: bool = true;
}

impl<T: ?Sized + RefKey<Mode<{ mode::BY_BITS }>>> Probe<T> {
    /// See [`Unknown::REF_BY_BITS`].
    pub const REF_BY_BITS: bool = true;
}
