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

// What is made of a part is found as a method is: by its type first (here, and in `ownable`), by what it can do next, and last there is what
// refuses it. Each step takes the part in another way, by itself, lent or lent to be changed.
macro_rules! by_bits {
    ($($float:ty)*) => {
        $(impl Part<$float> {
            /// Compares it by its bits.
            pub fn shared(self) -> Float<$float> {
                Float(self.0)
            }

            /// Compares it by its bits.
            pub fn own(self) -> Float<$float> {
                Float(self.0)
            }
        })*
    };
}
by_bits!(f32 f64);

/// What a part is made of, once its type is known: where it is not, the compiler says so at the expression.
pub trait KnownPart: Sized {
    /// Gives it back.
    #[must_use]
    fn __known(self) -> Self {
        self
    }
}

impl<T> KnownPart for T {}

/// A part of a key that threads share.
pub trait SharedPart<T> {
    /// Gives it back.
    fn shared(self) -> T;
}

impl<T: Hash + Eq + Clone + Send + Sync + 'static> SharedPart<T> for Part<T> {
    fn shared(self) -> T {
        self.0
    }
}

/// A part of a thread's own key.
pub trait OwnPart<T> {
    /// Gives it back.
    fn own(self) -> T;
}

impl<T: Hash + Eq + Clone + 'static> OwnPart<T> for Part<T> {
    fn own(self) -> T {
        self.0
    }
}

/// What is said of all others, and what stands in their place.
pub trait Unkeyed<T>: Sized {
    /// See [`SharedPart::shared`].
    fn shared(self) -> NoPart
    where
        T: FitKey,
    {
        NoPart
    }

    /// See [`OwnPart::own`].
    fn own(self) -> NoPart
    where
        T: FitThreadKey,
    {
        NoPart
    }
}

impl<T: ?Sized + ToOwned> Unkeyed<T::Owned> for &Part<&T> {}

impl<T> Unkeyed<T> for &mut Part<T> {}

/// Stands in for a part that was refused with an error, so that there is only that one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoPart;
