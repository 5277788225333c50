//! What a verb takes that may have to store a key.

use std::hash::Hash;

use crate::key::{Args, At, ByEq, Owned, RefTo};

/// A key, or a reference to one or to its borrowed form: for a `Cache<String, V>` a `String`, a `&String` or a `&str`. An owned key is only
/// made of a reference where nothing is found.
///
/// It is implemented for whatever may be given. `By` says which of both it is, and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key of a cache with keys of type `{K}`",
    label = "neither `{K}` nor a reference to it or to its borrowed form",
    note = "keys are `Hash + Eq + Clone + Send + Sync + 'static`; for a `String` a `&str` will do, for a `Vec<T>` a `&[T]`"
)]
pub trait IntoKey<K, By> {
    /// What is looked up by.
    #[doc(hidden)]
    type Args: Args<Key = K>;

    /// Makes it.
    #[doc(hidden)]
    fn into_args(self) -> Self::Args;
}

/// An owned key; see [`IntoKey`].
#[derive(Debug)]
pub enum ByValue {}

/// A borrowed key; see [`IntoKey`].
#[derive(Debug)]
pub enum ByReference {}

impl<K: Hash + Eq + Clone + Send + Sync + 'static> IntoKey<K, ByValue> for K {
    type Args = Owned<K>;

    #[inline]
    fn into_args(self) -> Owned<K> {
        Owned(self)
    }
}

impl<'a, Q> IntoKey<Q::Owned, ByReference> for &'a Q
where
    Q: ?Sized + Hash + Eq + ToOwned,
    Q::Owned: Clone + Send + Sync + 'static,
{
    type Args = At<RefTo<ByEq>, &'a Q>;

    #[inline]
    fn into_args(self) -> At<RefTo<ByEq>, &'a Q> {
        At::new(self)
    }
}
