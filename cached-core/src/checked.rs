//! A call where it may be that the types are not fit for it, as in a method of a type that nobody can ask beforehand. An
//! assertion says so in our words; with a call of [`Checked`] nothing else is said on top.

use std::fmt;
use std::future::{Future, Ready};
use std::marker::PhantomData;

use crate::face::Face;
use crate::key::ValKey;
use crate::memo::Memo;
use crate::outcome::Outcome;
use crate::site::Site;
use crate::spec::Spec;
use crate::warm::WarmedKey;
use crate::written::{Forget, Put};

/// A call that has not been made.
pub struct Checked<'m, S, const MODE: u8, K: 'static, V: 'static, A, B> {
    face: Face<'m, S, MODE, K, V>,
    args: A,
    body: B,
}

impl<S, const MODE: u8, K, V, A, B> fmt::Debug for Checked<'_, S, MODE, K, V, A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checked").finish_non_exhaustive()
    }
}

impl<'m, S, const MODE: u8, K, V, A, B> Checked<'m, S, MODE, K, V, A, B> {
    /// See the module's words.
    #[inline]
    pub fn new<R>(face: Face<'m, S, MODE, K, V>, args: A, body: B) -> Self
    where
        B: FnOnce(A) -> R,
    {
        Self { face, args, body }
    }
}

impl<S, const MODE: u8, K, V, A, B, R> Checked<'_, S, MODE, K, V, A, B>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: ValKey<S, Key = K>,
    B: FnOnce(A) -> R,
    R: Outcome<MODE, Kept = V>,
{
    /// See [`Face::call`].
    #[inline]
    pub fn call(self) -> R {
        self.face.call(self.args, self.body)
    }

    /// See [`Face::warm`].
    pub fn warm(self) -> WarmedKey {
        self.face.warm(self.args, self.body)
    }
}

impl<S, const MODE: u8, K, V, A, B, F, R> Checked<'_, S, MODE, K, V, A, B>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: ValKey<S, Key = K>,
    B: FnOnce(A) -> F,
    F: Future<Output = R>,
    R: Outcome<MODE, Kept = V>,
{
    /// See [`Face::call_here`].
    #[inline]
    pub fn call_here(self) -> impl Future<Output = R> {
        self.face.call_here(self.args, self.body)
    }

    /// See [`Face::warm_here`].
    pub fn warm_here(self) -> impl Future<Output = WarmedKey> {
        self.face.warm_here(self.args, self.body)
    }
}

/// The same call where the types are not fit: found in the place of the others, and never compiled.
pub trait Unchecked<A, R>: Sized {
    /// See [`Checked::call`].
    fn call(self) -> R {
        let () = Never::<R>::COMPILED;
        unreachable!()
    }

    /// See [`Checked::call_here`].
    fn call_here(self) -> R {
        let () = Never::<R>::COMPILED;
        unreachable!()
    }

    /// See [`Checked::warm`].
    fn warm(self) -> WarmedKey {
        let () = Never::<R>::COMPILED;
        unreachable!()
    }

    /// See [`Checked::warm_here`].
    fn warm_here(self) -> Ready<WarmedKey> {
        let () = Never::<R>::COMPILED;
        unreachable!()
    }
}

impl<S, const MODE: u8, K, V, A, B: FnOnce(A) -> R, R> Unchecked<A, R> for Checked<'_, S, MODE, K, V, A, B> {}

/// [`Site::of`] where the types may not be fit for it.
pub struct CheckedSite<K, V>(&'static Site, PhantomData<fn() -> (K, V)>);

impl<K, V> fmt::Debug for CheckedSite<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckedSite").finish_non_exhaustive()
    }
}

impl<K, V> CheckedSite<K, V> {
    /// A site that has not been asked.
    #[inline]
    pub fn new(site: &'static Site) -> Self {
        Self(site, PhantomData)
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> CheckedSite<K, V> {
    /// See [`Site::of`].
    #[inline]
    pub fn of<S: Fn() -> Spec<K, V> + Send + Sync + 'static>(self, spec: S) -> &'static Memo<K, V> {
        self.0.of(spec)
    }
}

/// The same where they are not: found in the place of the other, and never compiled.
pub trait UncheckedSite<M>: Sized {
    /// See [`CheckedSite::of`].
    fn of<S>(self, _: S) -> M {
        let () = Never::<M>::COMPILED;
        unreachable!()
    }
}

impl<K, V> UncheckedSite<&'static Memo<K, V>> for CheckedSite<K, V> {}

/// What writers ask for, where the types may not be fit for it.
pub struct CheckedArgs<'m, S, const MODE: u8, K: 'static, V: 'static, A>(Face<'m, S, MODE, K, V>, A);

impl<S, const MODE: u8, K, V, A> fmt::Debug for CheckedArgs<'_, S, MODE, K, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckedArgs").finish_non_exhaustive()
    }
}

impl<'m, S, const MODE: u8, K, V, A> CheckedArgs<'m, S, MODE, K, V, A> {
    /// What has not been asked for.
    #[inline]
    pub fn new(face: Face<'m, S, MODE, K, V>, args: A) -> Self {
        Self(face, args)
    }
}

impl<S, const MODE: u8, K, V, A> CheckedArgs<'_, S, MODE, K, V, A>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: ValKey<S, Key = K>,
{
    /// See [`Face::to_forget`].
    #[inline]
    pub fn to_forget(self) -> Forget {
        self.0.to_forget(self.1)
    }

    /// See [`Face::to_put`].
    #[inline]
    pub fn to_put(self) -> Put<V> {
        self.0.to_put(self.1)
    }
}

/// The same where they are not: found in the place of the others, and never compiled.
pub trait UncheckedArgs<V>: Sized {
    /// See [`CheckedArgs::to_forget`].
    fn to_forget(self) -> Forget {
        let () = Never::<Self>::COMPILED;
        unreachable!()
    }

    /// See [`CheckedArgs::to_put`].
    fn to_put(self) -> Put<V> {
        let () = Never::<Self>::COMPILED;
        unreachable!()
    }
}

impl<S, const MODE: u8, K, V, A> UncheckedArgs<V> for CheckedArgs<'_, S, MODE, K, V, A> {}

/// [`Memo::clear`] where the types may not be fit for it: found in its place, and never compiled.
pub trait UncheckedMemo {
    /// See [`Memo::clear`].
    fn clear(&self) -> usize {
        let () = Never::<Self>::COMPILED;
        unreachable!()
    }
}

impl<K, V> UncheckedMemo for Memo<K, V> {}

/// Something that is asked for only after all types have been found to be right.
struct Never<R: ?Sized>(PhantomData<R>);

impl<R: ?Sized> Never<R> {
    const COMPILED: () = panic!("the types of this function do not fit together, and nothing has said so");
}
