//! What writers do to the caches of functions: [`#[invalidates]`](macro@crate::invalidates) and
//! [`#[updates]`](macro@crate::updates). What is to be forgotten or stored is made out before the writer's body runs, which
//! may take the arguments; it is done after that.

use std::fmt;

use crate::face::Face;
use crate::key::{At, ValKey};
use crate::reload::Known;

/// Runs a writer's body, which may return what it borrows of its arguments: a closure that might run twice could not.
#[inline]
pub fn once<R>(body: impl FnOnce() -> R) -> R {
    body()
}

/// A key that is to be forgotten.
pub struct Forget(Box<dyn FnOnce() + Send>);

impl Forget {
    /// Forgets it.
    pub fn now(self) {
        (self.0)();
    }
}

impl fmt::Debug for Forget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forget").finish_non_exhaustive()
    }
}

/// A key for which a value is to be stored: one as users have it, of which `V` is kept.
pub struct Put<T, V = T> {
    store: Box<dyn FnOnce(V) + Send>,
    keep: fn(T) -> V,
}

impl<T, V> Put<T, V> {
    /// Stores it.
    pub fn now(self, value: T) {
        (self.store)((self.keep)(value));
    }
}

impl<T, V> fmt::Debug for Put<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Put").finish_non_exhaustive()
    }
}

impl<S, const MODE: u8, K, V> Face<'_, S, MODE, K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// An entry that is to be forgotten.
    pub fn to_forget<A: ValKey<S, Key = K>>(self, args: A) -> Forget {
        let (store, args) = (self.store().share(), At::<S, A>::new(args));
        let (hash, known) = (store.hash(&args), Known::new(&args));
        Forget(Box::new(move || {
            store.invalidate_at(hash, &known);
        }))
    }

    /// An entry that is to be stored.
    pub fn to_put<A: ValKey<S, Key = K>>(self, args: A) -> Put<V> {
        self.to_put_as(args, |value| value)
    }

    /// The same with a value as users have it.
    pub fn to_put_as<A: ValKey<S, Key = K>, T>(self, args: A, keep: fn(T) -> V) -> Put<T, V> {
        let (store, args) = (self.store().share(), At::<S, A>::new(args));
        let (hash, known) = (store.hash(&args), Known::new(&args));
        let store = move |value| store.insert_at(hash, &known, &|| known.key.clone(), value);
        Put { store: Box::new(store), keep }
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
