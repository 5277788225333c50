//! One entry of a function whose key is worked out: its verbs without the type of that key, which nobody can write down. So what works
//! it out is compiled once, and not in each verb.

use std::fmt;

use crate::face::Face;
use crate::key::ValKey;
use crate::written::{Forget, Put};

/// The verbs of one entry whose value is a `V`.
pub trait OfEntry<V>: Sized {
    /// Forgets it; whether there was a fresh value.
    fn invalidate(self) -> bool;
    /// Whether a fresh value is there.
    fn contains(self) -> bool;
    /// The value, if a fresh one is there.
    fn peek(self) -> Option<V>;
    /// Puts a value.
    fn insert(self, value: V);
    /// What forgets it later.
    fn to_forget(self) -> Forget;
    /// What puts a value later.
    fn to_put(self) -> Put<V>;
}

/// A memo's face, and what it is asked by.
pub struct Asked<S, const MODE: u8, K: 'static, V: 'static, A> {
    face: Face<'static, S, MODE, K, V>,
    args: A,
}

impl<S, const MODE: u8, K, V, A> fmt::Debug for Asked<S, MODE, K, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked").finish_non_exhaustive()
    }
}

impl<S, const MODE: u8, K, V> Face<'static, S, MODE, K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Its entry of these arguments.
    #[inline]
    pub fn asked<A: ValKey<S, Key = K>>(self, args: A) -> Asked<S, MODE, K, V, A> {
        Asked { face: self, args }
    }
}

impl<S, const MODE: u8, K, V, A> OfEntry<V> for Asked<S, MODE, K, V, A>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: ValKey<S, Key = K>,
{
    fn invalidate(self) -> bool {
        self.face.invalidate(self.args)
    }

    fn contains(self) -> bool {
        self.face.contains(self.args)
    }

    fn peek(self) -> Option<V> {
        self.face.peek(self.args)
    }

    fn insert(self, value: V) {
        self.face.insert(self.args, value);
    }

    fn to_forget(self) -> Forget {
        self.face.to_forget(self.args)
    }

    fn to_put(self) -> Put<V> {
        self.face.to_put(self.args)
    }
}
