//! The keys that contenders are looked up by.

use std::borrow::Borrow;
use std::fmt::Debug;
use std::hash::Hash;

use crate::body;

/// A key as a caller holds it, what a cache keeps of it, and what it is looked up by.
pub(crate) trait Key: Copy + Debug + Send + Sync + 'static {
    type Owned: Borrow<Self::Borrowed> + Clone + Eq + Hash + Send + Sync + 'static;
    type Borrowed: ToOwned<Owned = Self::Owned> + Eq + Hash + ?Sized;

    fn borrowed(&self) -> &Self::Borrowed;

    fn owned(&self) -> Self::Owned {
        self.borrowed().to_owned()
    }

    /// The body of the function that is cached.
    fn body(self) -> u64;
}

impl Key for u64 {
    type Owned = Self;
    type Borrowed = Self;

    fn borrowed(&self) -> &Self {
        self
    }

    fn body(self) -> u64 {
        body::of(self)
    }
}

/// The text of a key lives as long as the process.
pub(crate) type Text = &'static str;

impl Key for Text {
    type Owned = String;
    type Borrowed = str;

    fn borrowed(&self) -> &str {
        self
    }

    fn body(self) -> u64 {
        body::of(self.len() as u64)
    }
}

/// The arguments of a function of two.
pub(crate) type Pair = (u32, u64);

impl Key for Pair {
    type Owned = Self;
    type Borrowed = Self;

    fn borrowed(&self) -> &Self {
        self
    }

    fn body(self) -> u64 {
        body::of(self.1 ^ u64::from(self.0))
    }
}
