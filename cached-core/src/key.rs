//! From borrowed arguments to a look-up, and only where an entry is stored, to an owned key.
//!
//! A call hands its arguments over as they are: `f(7, "EUR")` looks up with `(Val(7), Ref("EUR"))`, which hashes
//! like the key `(7, String::from("EUR"))` and compares with it, without making it.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use equivalent::Equivalent;

/// Something an entry can be found by.
pub trait Lookup<K: ?Sized> {
    /// Feeds the hasher exactly what the key itself would.
    fn hash_into<H: Hasher>(&self, state: &mut H);
    /// Whether this is the key.
    fn matches(&self, key: &K) -> bool;
}

/// The arguments of a call: a look-up that can become a key.
pub trait Args: Lookup<Self::Key> {
    /// The owned key.
    type Key: Clone + Send + Sync + 'static;
    /// Makes the owned key.
    fn to_key(&self) -> Self::Key;
    /// Whether two keys are the same call.
    fn same(a: &Self::Key, b: &Self::Key) -> bool;
}

/// A key that was made from arguments of this type, to look up by once they are gone.
pub(crate) struct Made<A: Args>(A::Key, PhantomData<fn(A)>);

impl<A: Args> Made<A> {
    pub(crate) fn new(args: &A) -> Self {
        Self(args.to_key(), PhantomData)
    }
}

impl<A: Args> Lookup<A::Key> for Made<A> {
    fn hash_into<H: Hasher>(&self, _: &mut H) {
        unreachable!("the hash is known: it was made from the arguments")
    }

    fn matches(&self, key: &A::Key) -> bool {
        A::same(&self.0, key)
    }
}

impl<A: Args> Args for Made<A> {
    type Key = A::Key;

    fn to_key(&self) -> A::Key {
        self.0.clone()
    }

    fn same(a: &A::Key, b: &A::Key) -> bool {
        A::same(a, b)
    }
}

/// A look-up by the key or by what is equivalent to it, such as `&str` for `String`.
#[derive(Debug)]
pub(crate) struct ByKey<'a, Q: ?Sized>(pub(crate) &'a Q);

impl<K: ?Sized, Q: ?Sized + Hash + Equivalent<K>> Lookup<K> for ByKey<'_, Q> {
    #[inline]
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }

    #[inline]
    fn matches(&self, key: &K) -> bool {
        self.0.equivalent(key)
    }
}

/// A key that is looked up by itself and stored if nothing is found.
#[derive(Debug)]
pub(crate) struct Owned<K>(pub(crate) K);

impl<K: Hash + Eq> Lookup<K> for Owned<K> {
    #[inline]
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }

    #[inline]
    fn matches(&self, key: &K) -> bool {
        self.0 == *key
    }
}

impl<K: Hash + Eq + Clone + Send + Sync + 'static> Args for Owned<K> {
    type Key = K;

    fn to_key(&self) -> K {
        self.0.clone()
    }

    fn same(a: &K, b: &K) -> bool {
        a == b
    }
}

/// How a type takes part in a key. Found per type at compile time, see [`Probe`](crate::probe::Probe).
pub mod mode {
    /// By `Hash` and `Eq`.
    pub const BY_EQ: u8 = 0;
    /// A float, or a slice of floats: by its bits, see [`Float`](super::Float).
    pub const BY_BITS: u8 = 1;
    /// Not `Hash + Eq + Clone`: refused.
    pub const NO_KEY: u8 = 2;
    /// A key, but not `Send + Sync`: refused.
    pub const NOT_SHARED: u8 = 3;

    /// Puts what is known about a type together.
    pub const fn of_key(by_eq: bool, by_bits: bool, shared: bool) -> u8 {
        match (by_eq, by_bits, shared) {
            (_, true, _) => BY_BITS,
            (true, false, true) => BY_EQ,
            (true, false, false) => NOT_SHARED,
            (false, false, _) => NO_KEY,
        }
    }
}

/// The key of an owned argument of this type.
pub trait ValKey<const MODE: u8> {
    /// What is stored.
    type Key: Clone + Send + Sync + 'static;
    /// Feeds the hasher what the key would.
    fn hash_arg<H: Hasher>(&self, state: &mut H);
    /// Whether the argument is this key.
    fn is_key(&self, key: &Self::Key) -> bool;
    /// Makes the key.
    fn arg_to_key(&self) -> Self::Key;
    /// Whether two keys are the same argument.
    fn same_key(a: &Self::Key, b: &Self::Key) -> bool;
}

impl<T: Hash + Eq + Clone + Send + Sync + 'static> ValKey<{ mode::BY_EQ }> for T {
    type Key = T;

    #[inline]
    fn hash_arg<H: Hasher>(&self, state: &mut H) {
        self.hash(state);
    }

    #[inline]
    fn is_key(&self, key: &T) -> bool {
        self == key
    }

    fn arg_to_key(&self) -> T {
        self.clone()
    }

    fn same_key(a: &T, b: &T) -> bool {
        a == b
    }
}

impl<T: FloatBits> ValKey<{ mode::BY_BITS }> for T {
    type Key = Float<T>;

    #[inline]
    fn hash_arg<H: Hasher>(&self, state: &mut H) {
        Float(*self).hash(state);
    }

    #[inline]
    fn is_key(&self, key: &Float<T>) -> bool {
        Float(*self) == *key
    }

    fn arg_to_key(&self) -> Float<T> {
        Float(*self)
    }

    fn same_key(a: &Float<T>, b: &Float<T>) -> bool {
        a == b
    }
}

/// The key of an argument that is a reference to this type.
pub trait RefKey<const MODE: u8> {
    /// What is stored.
    type Key: Clone + Send + Sync + 'static;
    /// Feeds the hasher what the key would.
    fn hash_arg<H: Hasher>(&self, state: &mut H);
    /// Whether the argument is this key.
    fn is_key(&self, key: &Self::Key) -> bool;
    /// Makes the key.
    fn arg_to_key(&self) -> Self::Key;
    /// Whether two keys are the same argument.
    fn same_key(a: &Self::Key, b: &Self::Key) -> bool;
}

impl<T> RefKey<{ mode::BY_EQ }> for T
where
    T: ?Sized + Hash + Eq + ToOwned,
    T::Owned: Clone + Send + Sync + 'static,
{
    type Key = T::Owned;

    #[inline]
    fn hash_arg<H: Hasher>(&self, state: &mut H) {
        self.hash(state);
    }

    #[inline]
    fn is_key(&self, key: &T::Owned) -> bool {
        self == key.borrow()
    }

    fn arg_to_key(&self) -> T::Owned {
        self.to_owned()
    }

    fn same_key(a: &T::Owned, b: &T::Owned) -> bool {
        let (a, b): (&T, &T) = (a.borrow(), b.borrow());
        a == b
    }
}

impl<T: FloatBits> RefKey<{ mode::BY_BITS }> for T {
    type Key = Float<T>;

    #[inline]
    fn hash_arg<H: Hasher>(&self, state: &mut H) {
        Float(*self).hash(state);
    }

    #[inline]
    fn is_key(&self, key: &Float<T>) -> bool {
        Float(*self) == *key
    }

    fn arg_to_key(&self) -> Float<T> {
        Float(*self)
    }

    fn same_key(a: &Float<T>, b: &Float<T>) -> bool {
        a == b
    }
}

impl<T: FloatBits> RefKey<{ mode::BY_BITS }> for [T] {
    type Key = Vec<Float<T>>;

    #[inline]
    fn hash_arg<H: Hasher>(&self, state: &mut H) {
        // As `Vec<Float<T>>` does it: the length, then the elements.
        self.len().hash(state);
        self.iter().for_each(|&float| Float(float).hash(state));
    }

    #[inline]
    fn is_key(&self, key: &Vec<Float<T>>) -> bool {
        self.len() == key.len() && self.iter().zip(key).all(|(&float, key)| Float(float) == *key)
    }

    fn arg_to_key(&self) -> Vec<Float<T>> {
        self.iter().copied().map(Float).collect()
    }

    fn same_key(a: &Vec<Float<T>>, b: &Vec<Float<T>>) -> bool {
        a == b
    }
}

/// Stands in for a type that was refused with an error, so that there is only that one.
macro_rules! refused {
    ($($trait:ident $mode:ident),*) => { $(
        impl<T: ?Sized> $trait<{ mode::$mode }> for T {
            type Key = ();
            fn hash_arg<H: Hasher>(&self, _: &mut H) {}
            fn is_key(&self, (): &()) -> bool {
                true
            }
            fn arg_to_key(&self) {}
            fn same_key((): &(), (): &()) -> bool {
                true
            }
        }
    )* };
}
refused!(ValKey NO_KEY, ValKey NOT_SHARED, RefKey NO_KEY, RefKey NOT_SHARED);

/// An owned argument.
#[derive(Debug)]
pub struct Val<const MODE: u8, T>(pub T);

impl<const MODE: u8, T: ValKey<MODE>> Lookup<T::Key> for Val<MODE, T> {
    #[inline]
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.0.hash_arg(state);
    }

    #[inline]
    fn matches(&self, key: &T::Key) -> bool {
        self.0.is_key(key)
    }
}

impl<const MODE: u8, T: ValKey<MODE>> Args for Val<MODE, T> {
    type Key = T::Key;

    fn to_key(&self) -> T::Key {
        self.0.arg_to_key()
    }

    fn same(a: &T::Key, b: &T::Key) -> bool {
        T::same_key(a, b)
    }
}

/// A borrowed argument.
#[derive(Debug)]
pub struct Ref<'a, const MODE: u8, T: ?Sized>(pub &'a T);

impl<const MODE: u8, T: ?Sized + RefKey<MODE>> Lookup<T::Key> for Ref<'_, MODE, T> {
    #[inline]
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.0.hash_arg(state);
    }

    #[inline]
    fn matches(&self, key: &T::Key) -> bool {
        self.0.is_key(key)
    }
}

impl<const MODE: u8, T: ?Sized + RefKey<MODE>> Args for Ref<'_, MODE, T> {
    type Key = T::Key;

    fn to_key(&self) -> T::Key {
        self.0.arg_to_key()
    }

    fn same(a: &T::Key, b: &T::Key) -> bool {
        T::same_key(a, b)
    }
}

impl Lookup<()> for () {
    fn hash_into<H: Hasher>(&self, _: &mut H) {}

    fn matches(&self, (): &()) -> bool {
        true
    }
}

impl Args for () {
    type Key = ();

    fn to_key(&self) {}

    fn same((): &(), (): &()) -> bool {
        true
    }
}

/// Tuples hash their parts one after the other, as `Hash` for tuples does. Up to sixteen: `Hash` and `Eq` of the
/// standard library end at twelve, which is why entries are compared through [`Lookup`] and never need them.
macro_rules! tuples {
    (@grow [$($done:tt)*]) => {};
    (@grow [$($done:tt)*] $next:tt $($rest:tt)*) => {
        tuples!($($done)* $next);
        tuples!(@grow [$($done)* $next] $($rest)*);
    };
    (($only:ident 0)) => {}; // one argument is its own key
    ($(($name:ident $at:tt))+) => {
        impl<$($name: Args),+> Lookup<($($name::Key,)+)> for ($($name,)+) {
            #[inline]
            fn hash_into<HASHER: Hasher>(&self, state: &mut HASHER) {
                $(self.$at.hash_into(state);)+
            }

            #[inline]
            fn matches(&self, key: &($($name::Key,)+)) -> bool {
                $(self.$at.matches(&key.$at))&&+
            }
        }

        impl<$($name: Args),+> Args for ($($name,)+) {
            type Key = ($($name::Key,)+);

            fn to_key(&self) -> Self::Key {
                ($(self.$at.to_key(),)+)
            }

            fn same(a: &Self::Key, b: &Self::Key) -> bool {
                $($name::same(&a.$at, &b.$at))&&+
            }
        }
    };
}
tuples!(@grow [] (A 0) (B 1) (C 2) (D 3) (E 4) (F 5) (G 6) (H 7) (I 8) (J 9) (K 10) (L 11) (M 12) (N 13) (O 14) (P 15));

/// A float as a key: compared and hashed by its bits, with `-0.0` equal to `0.0` and every NaN equal to every other.
#[derive(Clone, Copy, Default)]
pub struct Float<T>(pub T);

/// `f32` and `f64`.
pub trait FloatBits: Copy + Send + Sync + 'static {
    /// The same for all values that count as equal, different for all others.
    fn key_bits(self) -> u64;
}

impl FloatBits for f32 {
    #[inline]
    fn key_bits(self) -> u64 {
        // Adding zero turns -0.0 into 0.0 and changes nothing else.
        u64::from(if self.is_nan() { Self::NAN } else { self + 0.0 }.to_bits())
    }
}

impl FloatBits for f64 {
    #[inline]
    fn key_bits(self) -> u64 {
        if self.is_nan() { Self::NAN } else { self + 0.0 }.to_bits()
    }
}

impl<T: FloatBits> PartialEq for Float<T> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.0.key_bits() == other.0.key_bits()
    }
}

impl<T: FloatBits> Eq for Float<T> {}

impl<T: FloatBits> Hash for Float<T> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.key_bits().hash(state);
    }
}

impl<T> From<T> for Float<T> {
    fn from(float: T) -> Self {
        Self(float)
    }
}

impl<T: fmt::Debug> fmt::Debug for Float<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The value of a `key = expression`, made into a key part: references are turned into what owns them.
#[derive(Debug)]
pub struct Part<T>(pub T);

impl<T: ?Sized + ToOwned> Part<&T> {
    /// Owns it.
    pub fn own(self) -> T::Owned {
        self.0.to_owned()
    }
}

impl Part<f32> {
    /// Compares it by its bits.
    pub fn own(self) -> Float<f32> {
        Float(self.0)
    }
}

impl Part<f64> {
    /// Compares it by its bits.
    pub fn own(self) -> Float<f64> {
        Float(self.0)
    }
}

/// [`Part::own`] for all that is owned already.
pub trait OwnPart {
    /// The part.
    type Own;
    /// Gives it back.
    fn own(self) -> Self::Own;
}

impl<T> OwnPart for Part<T> {
    type Own = T;

    fn own(self) -> T {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::{BuildHasher, RandomState};

    fn assert_found<K: Hash, A: Args<Key = K>>(args: &A, key: &K) {
        let state = RandomState::new();
        let mut hasher = state.build_hasher();
        args.hash_into(&mut hasher);
        assert_eq!(hasher.finish(), state.hash_one(key));
        assert!(args.matches(key) && args.matches(&args.to_key()));
    }

    #[test]
    fn arguments_hash_like_their_key() {
        assert_found(&Val::<{ mode::BY_EQ }, _>(7_u32), &7);
        assert_found(&Ref::<{ mode::BY_EQ }, str>("EUR"), &String::from("EUR"));
        assert_found(&Ref::<{ mode::BY_EQ }, [u8]>(b"ab"), &b"ab".to_vec());
        assert_found(&Ref::<{ mode::BY_BITS }, [f64]>(&[1.5, -0.0]), &vec![Float(1.5), Float(0.0)]);
        let pair = (Val::<{ mode::BY_EQ }, _>(7_u32), Ref::<{ mode::BY_EQ }, str>("EUR"));
        assert_found(&pair, &(7, String::from("EUR")));
    }

    #[test]
    fn every_field_of_a_tuple_counts() {
        let args = |last: u8| {
            (Val::<0, _>(1_u8), Val::<0, _>(2_u8), Val::<0, _>(3_u8), Val::<0, _>(4_u8), Val::<0, _>(last))
        };
        assert!(args(5).matches(&(1, 2, 3, 4, 5)));
        assert!(!args(5).matches(&(1, 2, 3, 4, 6)));
        assert!(!args(5).matches(&(0, 2, 3, 4, 5)));
    }

    #[test]
    fn floats_are_compared_by_bits() {
        assert_eq!(Float(0.0_f64), Float(-0.0));
        assert_eq!(Float(f64::NAN), Float(-f64::NAN));
        assert_eq!(Float(f32::NAN), Float(f32::from_bits(0x7fc0_1234)));
        assert_ne!(Float(1.0_f64), Float(1.0 + f64::EPSILON));
        assert_ne!(Float(f32::INFINITY), Float(f32::NEG_INFINITY));
    }
}
