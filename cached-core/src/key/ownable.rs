//! What a `key = ..` works out and holds a borrow in it: `name.split('/').next()` is an `Option<&str>`, of which a key owns an
//! `Option<String>`.

use std::borrow::Cow;
use std::hash::Hash;

use super::part::Part;

/// A value that borrows, and what owns the same.
pub trait Ownable {
    /// What owns it.
    type Owned;
    /// Makes that.
    fn owned(self) -> Self::Owned;
}

impl<T: ?Sized + ToOwned> Ownable for &T {
    type Owned = T::Owned;

    #[inline]
    fn owned(self) -> T::Owned {
        self.to_owned()
    }
}

impl<T: ?Sized + ToOwned> Ownable for Cow<'_, T> {
    type Owned = T::Owned;

    #[inline]
    fn owned(self) -> T::Owned {
        self.into_owned()
    }
}

impl<T: Ownable> Ownable for Option<T> {
    type Owned = Option<T::Owned>;

    #[inline]
    fn owned(self) -> Option<T::Owned> {
        self.map(T::owned)
    }
}

impl<T: Ownable> Ownable for Vec<T> {
    type Owned = Vec<T::Owned>;

    #[inline]
    fn owned(self) -> Vec<T::Owned> {
        self.into_iter().map(T::owned).collect()
    }
}

impl<T: Ownable, const LENGTH: usize> Ownable for [T; LENGTH] {
    type Owned = [T::Owned; LENGTH];

    #[inline]
    fn owned(self) -> [T::Owned; LENGTH] {
        self.map(T::owned)
    }
}

/// What may stand beside a borrow in a tuple: another one, or what owns itself.
pub trait Beside {
    /// What owns it.
    type Owned;
    /// Makes that.
    fn beside(self) -> Self::Owned;
}

impl<T: Ownable> Beside for T {
    type Owned = T::Owned;

    #[inline]
    fn beside(self) -> T::Owned {
        self.owned()
    }
}

macro_rules! own_themselves {
    ($($ty:ty)*) => {
        $(impl Beside for $ty {
            type Owned = Self;

            #[inline]
            fn beside(self) -> Self {
                self
            }
        })*
    };
}
own_themselves!(bool char i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize String);

macro_rules! tuples {
    ($(($($name:ident)*))*) => {
        $(impl<$($name: Beside),*> Ownable for ($($name,)*) {
            type Owned = ($($name::Owned,)*);

            #[inline]
            fn owned(self) -> Self::Owned {
                #[allow(non_snake_case)]
                let ($($name,)*) = self;
                ($($name.beside(),)*)
            }
        })*
    };
}
tuples!((A B) (A B C) (A B C D));

macro_rules! parts {
    ($([$($param:tt)*] $ty:ty;)*) => {
        $(
            impl<$($param)*> Part<$ty>
            where
                $ty: Ownable,
                <$ty as Ownable>::Owned: Hash + Eq + Clone + Send + Sync + 'static,
            {
                /// Owns it.
                pub fn shared(self) -> <$ty as Ownable>::Owned {
                    self.0.owned()
                }
            }

            impl<$($param)*> Part<$ty>
            where
                $ty: Ownable,
                <$ty as Ownable>::Owned: Hash + Eq + Clone + 'static,
            {
                /// Owns it.
                pub fn own(self) -> <$ty as Ownable>::Owned {
                    self.0.owned()
                }
            }
        )*
    };
}
parts! {
    ['a, T: ?Sized + ToOwned] &'a T;
    ['a, T: ?Sized + ToOwned] Cow<'a, T>;
    [T] Option<T>;
    [T] Vec<T>;
    [T, const LENGTH: usize] [T; LENGTH];
    [A, B] (A, B);
    [A, B, C] (A, B, C);
    [A, B, C, D] (A, B, C, D);
}
