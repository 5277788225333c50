//! What keeps one mistake one error: what stands for the memo of a function with a mistake in it, of whom whoever asks it for something
//! gets no error on top, and another name for a type that may be wrong.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Deref;

use crate::info::CacheInfo;
use crate::outcome::Never;
use crate::tags::Tag;

/// A memo that is never made. It asks nothing of its keys, and takes anything for one.
/// It knows what it would keep, or takes anything for that as well.
#[derive(Debug)]
pub struct Unmade<K, V, const IS_KNOWN: bool>(PhantomData<fn(K) -> V>);

#[allow(missing_docs, clippy::missing_panics_doc, clippy::needless_pass_by_value, clippy::unused_self)]
impl<K, V, const IS_KNOWN: bool> Unmade<K, V, IS_KNOWN> {
    pub fn name(&self) -> &'static str {
        unreachable!()
    }

    pub fn cache_info(&self) -> CacheInfo {
        unreachable!()
    }

    pub fn reset_info(&self) {
        unreachable!()
    }

    pub fn clear(&self) -> usize {
        unreachable!()
    }

    pub fn invalidate_if(&self, _: impl FnMut(&K, &V) -> bool) -> usize {
        unreachable!()
    }

    pub fn invalidate_tag(&self, _: impl Into<Tag>) -> usize {
        unreachable!()
    }

    pub fn invalidate<Q>(&self, _: Q) -> bool {
        unreachable!()
    }

    pub fn contains<Q>(&self, _: Q) -> bool {
        unreachable!()
    }

    pub fn peek<Q>(&self, _: Q) -> Option<V> {
        unreachable!()
    }
}

#[allow(missing_docs, clippy::missing_panics_doc, clippy::needless_pass_by_value, clippy::unused_self)]
impl<K, V> Unmade<K, V, true> {
    pub fn insert<Q>(&self, _: Q, _: V) {
        unreachable!()
    }
}

#[allow(missing_docs, clippy::missing_panics_doc, clippy::needless_pass_by_value, clippy::unused_self)]
impl<K, V> Unmade<K, V, false> {
    pub fn insert<Q, W>(&self, _: Q, _: W) {
        unreachable!()
    }
}

/// A type of a function by another name, of which is said once whether it is right.
pub trait Judged<const INDEX: usize, const ARE_RIGHT: bool> {
    /// The type.
    type Own: ?Sized;
}

/// A type that there is if a constant is right, on which it depends as the length of an array.
pub trait Known<T> {
    /// The type.
    type Own;

    /// A value of it.
    fn own(value: T) -> Self::Own;
}

impl<T, const LENGTH: usize> Known<T> for [(); LENGTH] {
    type Own = T;

    #[inline(always)]
    fn own(value: T) -> T {
        value
    }
}

/// A value whose type there is if that constant is right.
#[inline(always)]
pub fn known<L: Known<T>, T>(value: T) -> L::Own {
    L::own(value)
}

/// The size of what a function returns: none, if the function is a mistake.
#[must_use]
pub const fn size_of_function<A, R>(_: impl Fn(A) -> R + Copy) -> usize {
    size_of::<R>()
}

/// The same of a method.
#[must_use]
pub const fn size_of_method<S, A, R>(_: impl Fn(S, A) -> R + Copy) -> usize {
    size_of::<R>()
}

/// What would be kept of a type that was refused with an error, so that there is only that one: what it looks like is known to closures
/// that look into it.
pub struct Refused<T: ?Sized>(Never, PhantomData<fn() -> *const T>);

impl<T: ?Sized> Refused<T> {
    /// There is none.
    pub fn never<R>(&self) -> R {
        match self.0 {}
    }
}

impl<T: ?Sized> Clone for Refused<T> {
    fn clone(&self) -> Self {
        self.never()
    }
}

impl<T: ?Sized> fmt::Debug for Refused<T> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.never()
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for Refused<T> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.never()
    }
}

impl<T: ?Sized> Hash for Refused<T> {
    fn hash<H: Hasher>(&self, _: &mut H) {
        self.never::<()>();
    }
}

impl<T: ?Sized> PartialEq for Refused<T> {
    fn eq(&self, _: &Self) -> bool {
        self.never()
    }
}

impl<T: ?Sized> Eq for Refused<T> {}

impl<T: ?Sized> Deref for Refused<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.never()
    }
}

impl<T: ?Sized> Borrow<T> for Refused<T> {
    fn borrow(&self) -> &T {
        self.never()
    }
}
