//! What has no parts: a type that is compared as a whole, by `Eq` or by its bits.

use std::borrow::Borrow;
use std::hash::{Hash, Hasher};

use super::float::{Float, FloatBits};
use super::{RefKey, RefTo, ValKey};
use crate::thread::Local;
use crate::unmade::Refused;

/// The shape of what is compared as a whole, see [`mode`].
#[derive(Debug)]
pub struct Mode<const MODE: u8>;

/// The shape of what is compared by `Hash` and `Eq`.
pub type ByEq = Mode<{ mode::BY_EQ }>;

/// The shape of what is compared by `Hash` and `Eq`, and kept by one thread.
pub type ThreadOwn = Mode<{ mode::NOT_SHARED }>;

/// How a type takes part in a key. Found per type at compile time, see [`Probe`](crate::probe::Probe).
pub mod mode {
    /// By `Hash` and `Eq`.
    pub const BY_EQ: u8 = 0;
    /// A float, or a slice of floats: by its bits, see [`Float`](crate::Float).
    pub const BY_BITS: u8 = 1;
    /// Not `Hash + Eq + Clone`: refused.
    pub const NO_KEY: u8 = 2;
    /// A key, but not `Send + Sync`: refused, unless the cache is a thread's.
    pub const NOT_SHARED: u8 = 3;

    /// As `NO_KEY`, behind a reference, of what can be owned.
    pub const NO_KEY_OWNED: u8 = 4;
    /// As `NO_KEY`, behind a reference, of what has no size, and cannot be owned.
    pub const NO_KEY_UNSIZED: u8 = 5;

    /// Puts what is known about a type together.
    pub const fn of_key(by_eq: bool, by_bits: bool, shared: bool) -> u8 {
        match (by_eq, by_bits, shared) {
            (_, true, _) => BY_BITS,
            (true, false, true) => BY_EQ,
            (true, false, false) => NOT_SHARED,
            (false, false, _) => NO_KEY,
        }
    }

    /// Whether it is fit for a key that threads share.
    pub const fn is_fit(mode: u8) -> bool {
        matches!(mode, BY_EQ | BY_BITS)
    }

    /// The same behind a reference, of what can be owned or cannot, and has a size or none.
    pub const fn behind(mode: u8, is_owned: bool, is_sized: bool) -> u8 {
        match (mode, is_owned, is_sized) {
            (NO_KEY, true, _) => NO_KEY_OWNED,
            (NO_KEY, false, false) => NO_KEY_UNSIZED,
            (mode, _, _) => mode,
        }
    }
}

impl<T: Hash + Eq + Clone + Send + Sync + 'static> ValKey<Mode<{ mode::BY_EQ }>> for T {
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

impl<T: Hash + Eq + Clone + 'static> ValKey<ThreadOwn> for T {
    type Key = Local<T>;

    #[inline]
    fn hash_arg<H: Hasher>(&self, state: &mut H) {
        self.hash(state);
    }

    #[inline]
    fn is_key(&self, key: &Local<T>) -> bool {
        *self == **key
    }

    fn arg_to_key(&self) -> Local<T> {
        Local::new(self.clone())
    }

    fn same_key(a: &Local<T>, b: &Local<T>) -> bool {
        a == b
    }
}

impl<T> RefKey<ThreadOwn> for T
where
    T: ?Sized + Hash + Eq + ToOwned,
    T::Owned: Clone + 'static,
{
    type Key = Local<T::Owned>;

    #[inline]
    fn hash_arg<H: Hasher>(&self, state: &mut H) {
        self.hash(state);
    }

    #[inline]
    fn is_key(&self, key: &Local<T::Owned>) -> bool {
        self == (**key).borrow()
    }

    fn arg_to_key(&self) -> Local<T::Owned> {
        Local::new(self.to_owned())
    }

    fn same_key(a: &Local<T::Owned>, b: &Local<T::Owned>) -> bool {
        let (a, b): (&T, &T) = ((**a).borrow(), (**b).borrow());
        a == b
    }
}

impl<T: FloatBits> ValKey<Mode<{ mode::BY_BITS }>> for T {
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

impl<T> RefKey<Mode<{ mode::BY_EQ }>> for T
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

impl<T: FloatBits> RefKey<Mode<{ mode::BY_BITS }>> for T {
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

impl<T: FloatBits> RefKey<Mode<{ mode::BY_BITS }>> for [T] {
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

/// So that of a type that was refused with an error there is only that one.
macro_rules! refused {
    ($($trait:ident $mode:ident [$($bounds:tt)*] $key:ty;)*) => { $(
        impl<T: $($bounds)*> $trait<Mode<{ mode::$mode }>> for T {
            type Key = Refused<$key>;

            fn hash_arg<H: Hasher>(&self, _: &mut H) {}

            fn is_key(&self, key: &Refused<$key>) -> bool {
                key.never()
            }

            fn arg_to_key(&self) -> Refused<$key> {
                unreachable!("what was refused is not compiled")
            }

            fn same_key(key: &Refused<$key>, _: &Refused<$key>) -> bool {
                key.never()
            }
        }
    )* };
}
// A `&dyn Trait` is one of what lives as long as it, and a key lives for ever.
refused! {
    ValKey NO_KEY [?Sized + 'static] T;
    RefKey NO_KEY [?Sized + 'static] T;
    ValKey NO_KEY_OWNED [?Sized + 'static] T;
    RefKey NO_KEY_OWNED [?Sized + 'static] T;
    ValKey NO_KEY_UNSIZED [?Sized] ();
    RefKey NO_KEY_UNSIZED [?Sized] ();
}

/// What is lent to a function as an argument, and who owns it meanwhile.
pub trait Lent<S> {
    /// Who owns it.
    type Owned;
    /// The argument.
    fn lend(owned: &Self::Owned) -> &Self;
}

/// What was refused is still what loads ahead of time are given.
macro_rules! lent_by_its_owner {
    ($($mode:ident),*) => { $(
        impl<T: ?Sized + ToOwned> Lent<RefTo<Mode<{ mode::$mode }>>> for T {
            type Owned = T::Owned;

            fn lend(owned: &T::Owned) -> &T {
                owned.borrow()
            }
        }
    )* };
}
lent_by_its_owner!(BY_EQ, NOT_SHARED, NO_KEY_OWNED);

impl<T: FloatBits> Lent<RefTo<Mode<{ mode::BY_BITS }>>> for T {
    type Owned = T;

    fn lend(owned: &T) -> &T {
        owned
    }
}

impl<T: FloatBits> Lent<RefTo<Mode<{ mode::BY_BITS }>>> for [T] {
    type Owned = Vec<T>;

    fn lend(owned: &Vec<T>) -> &[T] {
        owned
    }
}

impl<T> Lent<RefTo<Mode<{ mode::NO_KEY }>>> for T {
    type Owned = T;

    fn lend(owned: &T) -> &T {
        owned
    }
}

impl<T: ?Sized> Lent<RefTo<Mode<{ mode::NO_KEY_UNSIZED }>>> for T {
    type Owned = ();

    fn lend((): &()) -> &T {
        unreachable!("what was refused is not compiled")
    }
}
