//! One entry of a function whose key is worked out: its verbs without the type of that key, which nobody can write down. So what works
//! it out is compiled once, and not in each verb.

use std::fmt;

use crate::face::Face;
use crate::key::ValKey;
use crate::memo::Memo;
use crate::outcome::Outcome;
use crate::site::Site;
use crate::spec::Spec;
use crate::warm::WarmedKey;
use crate::written::ToWrite;

/// The verbs of one entry whose value is a `V`.
pub trait OfEntry<const MODE: u8, V>: Sized {
    /// What it is found by.
    type Key: Clone + Send + Sync + 'static;

    /// A memoized call.
    fn call<R: Outcome<MODE, Kept = V>>(self, body: impl FnOnce() -> R) -> R;
    /// Runs the body now, and puts what it returns in the place of what is there.
    fn refresh<R: Outcome<MODE, Kept = V>>(self, body: impl FnOnce() -> R) -> R;
    /// Loads it ahead of any call.
    fn warm<R: Outcome<MODE, Kept = V>>(self, body: impl FnOnce() -> R) -> WarmedKey;
    /// Forgets it; whether there was a fresh value.
    fn invalidate(self) -> bool;
    /// Whether a fresh value is there.
    fn contains(self) -> bool;
    /// The value, if a fresh one is there.
    fn peek(self) -> Option<V>;
    /// Puts a value.
    fn insert(self, value: V);
    /// What forgets it later, or puts a value.
    fn to_write(self) -> ToWrite<V>;
    /// The same with a value as users have it.
    fn to_write_as<T>(self, keep: fn(T) -> V) -> ToWrite<T, V>;
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

impl<S, const MODE: u8, K, V, A> OfEntry<MODE, V> for Asked<S, MODE, K, V, A>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: ValKey<S, Key = K>,
{
    type Key = K;

    #[inline(always)]
    fn call<R: Outcome<MODE, Kept = V>>(self, body: impl FnOnce() -> R) -> R {
        self.face.call(self.args, |_| body())
    }

    fn refresh<R: Outcome<MODE, Kept = V>>(self, body: impl FnOnce() -> R) -> R {
        self.face.refresh(self.args, |_| body())
    }

    fn warm<R: Outcome<MODE, Kept = V>>(self, body: impl FnOnce() -> R) -> WarmedKey {
        self.face.warm(self.args, |_| body())
    }

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

    fn to_write(self) -> ToWrite<V> {
        self.face.to_write(self.args)
    }

    fn to_write_as<T>(self, keep: fn(T) -> V) -> ToWrite<T, V> {
        self.face.to_write_as(self.args, keep)
    }
}

/// The memo of such a function, from what would find an entry and is not called.
pub fn memo_of_entry<const MODE: u8, P, E, V, F>(
    site: &'static Site,
    _entry: impl Fn(P) -> E,
    spec: F,
) -> &'static Memo<E::Key, V>
where
    E: OfEntry<MODE, V>,
    V: Send + Sync + 'static,
    F: Fn() -> Spec<E::Key, V> + Send + Sync + 'static,
{
    site.of(spec)
}
