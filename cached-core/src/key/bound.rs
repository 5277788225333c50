//! What a parameter's pattern binds, for options that speak of it: `id` of `Path(id): Path<u32>`.

use std::path::{Path, PathBuf};

/// Something bound by reference.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'a, T: ?Sized>(&'a T);

impl<'a, T: ?Sized> Bound<'a, T> {
    /// Of what is bound.
    #[inline]
    pub const fn new(value: &'a T) -> Self {
        Self(value)
    }
}

impl<T: Copy> Bound<'_, T> {
    /// The value itself, as a number is used.
    #[inline]
    pub const fn value(self) -> T {
        *self.0
    }
}

/// How whatever else is spoken of: as it is bound.
pub trait BoundByLoan<'a, T: ?Sized> {
    /// The reference.
    fn value(self) -> &'a T;
}

impl<'a, T: ?Sized> BoundByLoan<'a, T> for Bound<'a, T> {
    #[inline]
    fn value(self) -> &'a T {
        self.0
    }
}

impl<T: Clone> Bound<'_, &T> {
    /// What is pointed at, to be owned with all that it borrows.
    #[inline]
    pub fn own(self) -> T {
        (*self.0).clone()
    }
}

/// The same of what is no reference, or one to what has no size.
pub trait BoundItself<T> {
    /// As it is.
    fn own(self) -> T;
}

impl<T: Clone> BoundItself<T> for Bound<'_, T> {
    #[inline]
    fn own(self) -> T {
        self.0.clone()
    }
}

/// What is of a type that is said, made of what a pattern has bound.
#[diagnostic::on_unimplemented(
    message = "what the pattern binds is of another type than `{T}`",
    label = "not of that type, nor one that it owns"
)]
pub trait BoundAs<T> {
    /// Makes it.
    fn bound_as(self) -> T;
}

impl<T: Clone> BoundAs<T> for &T {
    #[inline]
    fn bound_as(self) -> T {
        self.clone()
    }
}

impl<T: Clone> BoundAs<T> for &&T {
    #[inline]
    fn bound_as(self) -> T {
        (*self).clone()
    }
}

impl BoundAs<String> for &&str {
    #[inline]
    fn bound_as(self) -> String {
        (*self).to_owned()
    }
}

impl BoundAs<PathBuf> for &&Path {
    #[inline]
    fn bound_as(self) -> PathBuf {
        self.to_path_buf()
    }
}

impl<T: Clone> BoundAs<Vec<T>> for &&[T] {
    #[inline]
    fn bound_as(self) -> Vec<T> {
        self.to_vec()
    }
}

/// What a pattern is given: a reference, whatever is wrong with what it points at.
#[inline]
pub const fn lent<T: ?Sized>(value: &T) -> &T {
    value
}
