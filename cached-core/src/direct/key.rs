//! What a verb takes that may have to store a key.

use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use crate::key::{Args, At, ByEq, Lookup, Owned, RefTo};

/// A key, or a reference to one or to its borrowed form: for a `Cache<String, V>` a `String`, a `&String` or a `&str`, and for a
/// `Cache<Arc<str>, V>` or a `Cache<Box<str>, V>` a `&str`, too. An owned key is only made of a reference where nothing is found.
///
/// It is implemented for whatever may be given. `By` says which of these it is, and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key of a cache with keys of type `{K}`",
    label = "neither `{K}` nor a reference to it or to its borrowed form",
    note = "keys are `Hash + Eq + Clone + Send + Sync + 'static`; for a `String` or an `Arc<str>` a `&str` will do, for a `Vec<T>` a `&[T]`"
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

/// What a pointer points at; see [`IntoKey`].
#[derive(Debug)]
pub enum ByContent {}

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

macro_rules! pointers {
    ($($pointer:ident),*) => { $(
        impl<'a, Q> IntoKey<$pointer<Q>, ByContent> for &'a Q
        where
            Q: ?Sized + Hash + Eq + 'static,
            $pointer<Q>: for<'any> From<&'any Q> + Clone + Send + Sync,
        {
            type Args = Content<'a, Q, $pointer<Q>>;

            #[inline]
            fn into_args(self) -> Content<'a, Q, $pointer<Q>> {
                Content(self, PhantomData)
            }
        }
    )* };
}
pointers!(Arc, Box);

/// Looks up a pointer by what it points at: the two have the same hash.
#[doc(hidden)]
#[derive(Debug)]
pub struct Content<'a, Q: ?Sized, P>(&'a Q, PhantomData<fn() -> P>);

impl<Q: ?Sized + Hash + Eq, P: Deref<Target = Q>> Lookup<P> for Content<'_, Q, P> {
    #[inline]
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }

    #[inline]
    fn matches(&self, key: &P) -> bool {
        *self.0 == **key
    }
}

impl<Q, P> Args for Content<'_, Q, P>
where
    Q: ?Sized + Hash + Eq,
    P: Deref<Target = Q> + for<'any> From<&'any Q> + Clone + Send + Sync + 'static,
{
    type Key = P;

    fn to_key(&self) -> P {
        P::from(self.0)
    }

    fn same(a: &P, b: &P) -> bool {
        **a == **b
    }
}
