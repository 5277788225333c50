//! What writers do to the caches of functions: [`#[invalidates]`](macro@crate::invalidates) and
//! [`#[updates]`](macro@crate::updates). What is to be forgotten or stored is made out before the writer's body runs, which
//! may take the arguments; it is done after that.

use std::fmt;

use crate::checked::Never;
use crate::face::Face;
use crate::key::{At, ValKey};
use crate::reload::Known;

/// Runs a writer's body, which may return what it borrows of its arguments: a closure that might run twice could not.
#[inline]
pub fn once<R>(body: impl FnOnce() -> R) -> R {
    body()
}

/// An entry that is to be forgotten, or gets a value: one as users have it, of which `V` is kept.
pub struct ToWrite<T, V = T> {
    write: Box<dyn FnOnce(Option<V>) + Send>,
    keep: fn(T) -> V,
}

impl<T, V> ToWrite<T, V> {
    /// Forgets it.
    pub fn forget(self) {
        (self.write)(None);
    }

    /// Stores its value.
    pub fn put(self, value: T) {
        (self.write)(Some((self.keep)(value)));
    }
}

impl<T, V> fmt::Debug for ToWrite<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToWrite").finish_non_exhaustive()
    }
}

/// The same of a function that has a mistake in it.
#[derive(Debug)]
pub struct Unwritten;

impl Unwritten {
    /// See [`ToWrite::forget`].
    pub fn forget(self) {
        unreachable!()
    }

    /// See [`ToWrite::put`].
    pub fn put<T>(self, _value: T) {
        unreachable!()
    }
}

impl<S, const MODE: u8, K, V> Face<'_, S, MODE, K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// An entry that is to be forgotten or stored.
    pub fn to_write<A: ValKey<S, Key = K>>(self, args: A) -> ToWrite<V> {
        self.to_write_as(args, |value| value)
    }

    /// The same with a value as users have it.
    pub fn to_write_as<A: ValKey<S, Key = K>, T>(self, args: A, keep: fn(T) -> V) -> ToWrite<T, V> {
        let (store, args) = (self.store().share(), At::<S, A>::new(args));
        let (hash, known) = (store.hash(&args), Known::new(&args));
        let write = move |value| match value {
            Some(value) => store.insert_at(hash, &known, &|| known.key.clone(), value),
            None => {
                store.invalidate_at(hash, &known);
            }
        };
        ToWrite { write: Box::new(write), keep }
    }
}

/// What a writer returned, to be asked whether it has written.
#[derive(Debug)]
pub struct Written<'a, R>(pub &'a R);

impl<T, E> Written<'_, Result<T, E>> {
    /// Runs `then` with the `Ok` value, if it is one.
    pub fn then(&self, then: impl FnOnce(&T)) {
        if let Ok(value) = self.0 {
            then(value);
        }
    }
}

/// Of what is no `Result`, whatever its name.
pub trait WrittenAnyway<R> {
    /// Runs `then` with the value.
    fn then(&self, then: impl FnOnce(&R));
}

impl<R> WrittenAnyway<R> for Written<'_, R> {
    fn then(&self, then: impl FnOnce(&R)) {
        then(self.0);
    }
}

/// What is stored as well as returned.
#[derive(Debug)]
pub struct Copied<'a, R>(pub &'a R);

impl<R: Clone> Copied<'_, R> {
    /// A copy of it.
    pub fn copy(&self) -> R {
        self.0.clone()
    }
}

/// The same where it cannot be copied, and so is not kept: found in the place of the other, and never compiled.
pub trait CopiedAnyway<R> {
    /// See [`Copied::copy`].
    fn copy(&self) -> R {
        let () = Never::<R>::COMPILED;
        unreachable!()
    }
}

impl<R> CopiedAnyway<R> for Copied<'_, R> {}
