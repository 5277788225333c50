//! What a `key = ..` works out, made into a part of a key.

use std::hash::Hash;

use super::float::Float;
use crate::fit::{FitKey, FitThreadKey};

/// The value of a `key = expression`, made into a key part: references are turned into what owns them.
#[derive(Debug)]
pub struct Part<T>(pub T);

/// The part that a value makes. Of a value with a mistake in it there is none, and the compiler has nothing to add.
#[inline]
pub fn part<T: Parted>(value: T) -> T::Part {
    value.parted()
}

/// What [`part`] takes: anything.
pub trait Parted {
    /// The part.
    type Part;
    /// Makes it.
    fn parted(self) -> Self::Part;
}

impl<T> Parted for T {
    type Part = Part<T>;

    #[inline]
    fn parted(self) -> Part<T> {
        Part(self)
    }
}

impl<T: ?Sized + ToOwned> Part<&T> {
    /// Owns it.
    pub fn __own(self) -> T::Owned {
        self.0.to_owned()
    }
}

impl Part<f32> {
    /// Compares it by its bits.
    pub fn __own(self) -> Float<f32> {
        Float(self.0)
    }
}

impl Part<f64> {
    /// Compares it by its bits.
    pub fn __own(self) -> Float<f64> {
        Float(self.0)
    }
}

/// What a part is made of, once its type is known: where it is not, the compiler says so at the expression.
pub trait KnownPart: Sized {
    /// Gives it back.
    #[must_use]
    fn __known(self) -> Self {
        self
    }
}

impl<T> KnownPart for T {}

/// [`Part::__own`] for all that is owned already.
pub trait OwnPart {
    /// The part.
    type Own;
    /// Gives it back.
    fn __own(self) -> Self::Own;
}

impl<T> OwnPart for Part<T> {
    type Own = T;

    fn __own(self) -> T {
        self.0
    }
}

/// A part that a key can be made of, or the compiler says that none can.
#[derive(Debug)]
pub struct Keyed<T>(pub T);

impl<T: Hash + Eq + Clone + Send + Sync + 'static> Keyed<T> {
    /// The part of a key that threads share.
    pub fn shared(self) -> T {
        self.0
    }
}

impl<T: Hash + Eq + Clone + 'static> Keyed<T> {
    /// The part of a thread's own key.
    pub fn own(self) -> T {
        self.0
    }
}

/// What is said of all others, and what stands in their place.
pub trait Unkeyed<T>: Sized {
    /// See [`Keyed::shared`].
    fn shared(self) -> NoPart
    where
        T: FitKey,
    {
        NoPart
    }

    /// See [`Keyed::own`].
    fn own(self) -> NoPart
    where
        T: FitThreadKey,
    {
        NoPart
    }
}

impl<T> Unkeyed<T> for Keyed<T> {}

/// Stands in for a part that was refused with an error, so that there is only that one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoPart;
