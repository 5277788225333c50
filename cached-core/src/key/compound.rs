//! What has parts that are borrowed, or compared by their bits: each has a shape of its own, and the key is what
//! owns them all. Every one of them hashes as its key does.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::mem::discriminant;
use std::ops::Deref;

use super::{RefKey, ValKey};

/// A reference to what has the shape `S`.
#[derive(Debug)]
pub struct RefTo<S>(PhantomData<S>);

/// An `Option` of what has the shape `S`.
#[derive(Debug)]
pub struct OptionOf<S>(PhantomData<S>);

/// A `Cow` of what has the shape `S`.
#[derive(Debug)]
pub struct CowOf<S>(PhantomData<S>);

/// A `Box` or an `Arc` of what has the shape `S`.
#[derive(Debug)]
pub struct PointerOf<S>(PhantomData<S>);

/// A slice of elements of the shape `S`, behind a reference.
#[derive(Debug)]
pub struct SliceOf<S>(PhantomData<S>);

/// A `Vec` of elements of the shape `S`.
#[derive(Debug)]
pub struct ListOf<S>(PhantomData<S>);

/// An array of elements of the shape `S`.
#[derive(Debug)]
pub struct ArrayOf<S>(PhantomData<S>);

/// What has the shape `S` where it is an argument of its own, but lies behind a reference.
#[derive(Debug)]
pub struct Behind<S>(PhantomData<S>);

/// Writes an impl of `ValKey` or `RefKey` from its four bodies.
macro_rules! key {
    (
        impl [$($generics:tt)*] $trait:ident<$shape:ty> for $type:ty => $key:ty;
        hash |$self:ident, $state:ident| $hash:expr;
        is |$own:ident, $other:ident| $is:expr;
        make |$from:ident| $make:expr;
        same |$a:ident, $b:ident| $same:expr;
    ) => {
        impl<$($generics)*> $trait<$shape> for $type {
            type Key = $key;

            #[inline]
            fn hash_arg<HASHER: Hasher>(&self, $state: &mut HASHER) {
                let $self = self;
                $hash
            }

            #[inline]
            fn is_key(&self, $other: &Self::Key) -> bool {
                let $own = self;
                $is
            }

            fn arg_to_key(&self) -> Self::Key {
                let $from = self;
                $make
            }

            fn same_key($a: &Self::Key, $b: &Self::Key) -> bool {
                $same
            }
        }
    };
}

key! {
    impl [S, T: ?Sized + RefKey<S>] ValKey<RefTo<S>> for &T => T::Key;
    hash |this, state| T::hash_arg(this, state);
    is |this, key| T::is_key(this, key);
    make |this| T::arg_to_key(this);
    same |a, b| T::same_key(a, b);
}

key! {
    impl [S, T: ValKey<S>] RefKey<Behind<S>> for T => T::Key;
    hash |this, state| T::hash_arg(this, state);
    is |this, key| T::is_key(this, key);
    make |this| T::arg_to_key(this);
    same |a, b| T::same_key(a, b);
}

key! {
    impl [S, T: ?Sized + ToOwned + RefKey<S>] ValKey<CowOf<S>> for Cow<'_, T> => T::Key;
    hash |this, state| T::hash_arg(this, state);
    is |this, key| T::is_key(this, key);
    make |this| T::arg_to_key(this);
    same |a, b| T::same_key(a, b);
}

key! {
    impl [S, P: Deref<Target: RefKey<S>>] ValKey<PointerOf<S>> for P => <P::Target as RefKey<S>>::Key;
    hash |this, state| RefKey::<S>::hash_arg(&**this, state);
    is |this, key| RefKey::<S>::is_key(&**this, key);
    make |this| RefKey::<S>::arg_to_key(&**this);
    same |a, b| <P::Target as RefKey<S>>::same_key(a, b);
}

key! {
    impl [S, T: ValKey<S>] ValKey<OptionOf<S>> for Option<T> => Option<T::Key>;
    hash |this, state| {
        discriminant(this).hash(state);
        this.iter().for_each(|inner| inner.hash_arg(state));
    };
    is |this, key| match (this, key) {
        (Some(inner), Some(key)) => inner.is_key(key),
        (None, None) => true,
        _ => false,
    };
    make |this| this.as_ref().map(T::arg_to_key);
    same |a, b| match (a, b) {
        (Some(a), Some(b)) => T::same_key(a, b),
        (None, None) => true,
        _ => false,
    };
}

/// The length, then the elements, as `Hash` for slices, arrays and vectors does it.
#[inline]
fn hash_all<S, T: ValKey<S>, H: Hasher>(all: &[T], state: &mut H) {
    all.len().hash(state);
    all.iter().for_each(|one| one.hash_arg(state));
}

#[inline]
fn are_keys<S, T: ValKey<S>>(all: &[T], keys: &[T::Key]) -> bool {
    all.len() == keys.len() && all.iter().zip(keys).all(|(one, key)| one.is_key(key))
}

fn same_keys<S, T: ValKey<S>>(a: &[T::Key], b: &[T::Key]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| T::same_key(a, b))
}

key! {
    impl [S, T: ValKey<S>] RefKey<SliceOf<S>> for [T] => Vec<T::Key>;
    hash |this, state| hash_all(this, state);
    is |this, keys| are_keys(this, keys);
    make |this| this.iter().map(T::arg_to_key).collect();
    same |a, b| same_keys::<S, T>(a, b);
}

key! {
    impl [S, T: ValKey<S>] ValKey<ListOf<S>> for Vec<T> => Vec<T::Key>;
    hash |this, state| hash_all(this, state);
    is |this, keys| are_keys(this, keys);
    make |this| this.iter().map(T::arg_to_key).collect();
    same |a, b| same_keys::<S, T>(a, b);
}

key! {
    impl [S, T: ValKey<S>, const N: usize] ValKey<ArrayOf<S>> for [T; N] => [T::Key; N];
    hash |this, state| hash_all(this, state);
    is |this, keys| are_keys(this, keys);
    make |this| this.each_ref().map(T::arg_to_key);
    same |a, b| same_keys::<S, T>(a, b);
}

key! {
    impl [] ValKey<()> for () => ();
    hash |_this, _state| {};
    is |_this, _key| true;
    make |_this| ();
    same |_a, _b| true;
}

/// Tuples hash their parts one after the other, as `Hash` for tuples does. Up to sixteen: `Hash` and `Eq` of the
/// standard library end at twelve, which is why entries are compared through `Lookup` and never need them.
macro_rules! tuples {
    (@grow [$($done:tt)*]) => {};
    (@grow [$($done:tt)*] $next:tt $($rest:tt)*) => {
        tuples!($($done)* $next);
        tuples!(@grow [$($done)* $next] $($rest)*);
    };
    ($(($shape:ident $name:ident $at:tt))+) => {
        key! {
            impl [$($shape, $name: ValKey<$shape>),+] ValKey<($($shape,)+)> for ($($name,)+) => ($($name::Key,)+);
            hash |this, state| { $(this.$at.hash_arg(state);)+ };
            is |this, key| $(this.$at.is_key(&key.$at))&&+;
            make |this| ($(this.$at.arg_to_key(),)+);
            same |a, b| $($name::same_key(&a.$at, &b.$at))&&+;
        }
    };
}
tuples!(@grow [] (SA A 0) (SB B 1) (SC C 2) (SD D 3) (SE E 4) (SF F 5) (SG G 6) (SH H 7) (SI I 8) (SJ J 9) (SK K 10)
    (SL L 11) (SM M 12) (SN N 13) (SO O 14) (SP P 15));
