//! A call where it may be that the types are not fit for it, as in a method of a type that nobody can ask beforehand. An
//! assertion says so in our words; with a call of [`Checked`] nothing else is said on top.

use std::borrow::Borrow;
use std::fmt;
use std::future::{Future, Pending, Ready};
use std::marker::PhantomData;

use crate::face::{AsyncBody, Face};
use crate::fit::FitTask;
use crate::key::ValKey;
use crate::lazy::{Deferred, Forced, Forcing, Lazy, LazyFuture};
use crate::memo::Memo;
use crate::outcome::Outcome;
use crate::site::Site;
use crate::spec::Spec;
use crate::warm::WarmedKey;
use crate::written::ToWrite;

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

impl<'m, S, const MODE: u8, K, V, A, B, F, R> Checked<'m, S, MODE, K, V, A, B>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: ValKey<S, Key = K> + Send,
    B: FnOnce(A) -> F,
    F: Future<Output = R>,
    R: Outcome<MODE, Kept = V>,
{
    /// The same call, whose types are fit but for what only the future's own words tell.
    #[inline]
    pub fn fit(self) -> FitCall<'m, S, MODE, K, V, A, B, F> {
        FitCall(self, PhantomData)
    }
}

/// See [`Checked::fit`].
pub struct FitCall<'m, S, const MODE: u8, K: 'static, V: 'static, A, B, F>(
    Checked<'m, S, MODE, K, V, A, B>,
    PhantomData<fn() -> F>,
);

impl<S, const MODE: u8, K, V, A, B, F> fmt::Debug for FitCall<'_, S, MODE, K, V, A, B, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FitCall").finish_non_exhaustive()
    }
}

impl<'m, S, const MODE: u8, K, V, A, B, F> FitCall<'m, S, MODE, K, V, A, B, F> {
    /// The same once more, where what it leaves to a task can be sent: the one place that says so if it cannot.
    #[inline]
    pub fn sent<R>(self) -> SentCall<'m, S, MODE, K, V, A, B, F>
    where
        F: Future<Output = R> + Send + 'static,
        R: FitTask,
    {
        SentCall(self.0, PhantomData)
    }
}

/// See [`FitCall::sent`].
pub struct SentCall<'m, S, const MODE: u8, K: 'static, V: 'static, A, B, F>(
    Checked<'m, S, MODE, K, V, A, B>,
    PhantomData<fn() -> F>,
);

impl<S, const MODE: u8, K, V, A, B, F> fmt::Debug for SentCall<'_, S, MODE, K, V, A, B, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentCall").finish_non_exhaustive()
    }
}

impl<S, const MODE: u8, K, V, A, B, F, R> SentCall<'_, S, MODE, K, V, A, B, F>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: ValKey<S, Key = K>,
    B: FnOnce(A) -> F,
    F: Future<Output = R> + Send + 'static,
    R: Outcome<MODE, Kept = V> + Send + 'static,
{
    /// See [`Face::call_soft_async`].
    #[inline]
    pub fn call_soft_async(self) -> impl Future<Output = R> {
        let Self(Checked { face, args, body }, _) = self;
        face.call_soft_async(args, body)
    }
}

/// The same call where that has been told: found in the place of the other, and never compiled.
pub trait UnsentCall<F>: Sized {
    /// That of a call which can be sent.
    fn call_soft_async(self) -> F {
        let () = Never::<F>::COMPILED;
        unreachable!()
    }
}

impl<S, const MODE: u8, K, V, A, B, F> UnsentCall<F> for SentCall<'_, S, MODE, K, V, A, B, F> {}

/// A call that is not made.
#[derive(Debug)]
pub struct UnfitCall<F>(F);

impl<F: Future> UnfitCall<F> {
    /// See [`FitCall::sent`].
    #[must_use]
    pub fn sent(self) -> Self {
        self
    }

    /// See [`SentCall::call_soft_async`].
    pub fn call_soft_async(self) -> F {
        self.0
    }
}

/// The same call where the types are not fit: found in the place of the others, and never compiled.
pub trait Unchecked<A, R>: Sized {
    /// See [`Checked::fit`].
    fn fit(self) -> UnfitCall<R> {
        let () = Never::<R>::COMPILED;
        unreachable!()
    }

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

/// The call of an [`AsyncBody`] where the types are not fit: found after all others, and never compiled.
pub trait CallNever<R>: Sized {
    /// See [`AsyncBody::call`].
    fn call(self) -> Pending<R> {
        let () = Never::<R>::COMPILED;
        unreachable!()
    }
}

impl<S, const MODE: u8, K, V, A, B, F: Future> CallNever<F::Output>
    for &AsyncBody<'_, S, MODE, K, V, A, B, F>
{
}

/// A call whose body can be run once more by another thread, or would if the types were fit for it: `own` makes the
/// arguments owned, and `run` runs the body with them.
pub struct CheckedAgain<'m, S, const MODE: u8, K: 'static, V: 'static, A, B, G, O, R> {
    call: Checked<'m, S, MODE, K, V, A, B>,
    own: G,
    run: fn(O) -> R,
}

impl<S, const MODE: u8, K, V, A, B, G, O, R> fmt::Debug for CheckedAgain<'_, S, MODE, K, V, A, B, G, O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckedAgain").finish_non_exhaustive()
    }
}

impl<'m, S, const MODE: u8, K, V, A, B, G, O, R> CheckedAgain<'m, S, MODE, K, V, A, B, G, O, R>
where
    B: FnOnce(A) -> R,
    G: Fn(&A) -> O,
{
    /// A call that has not been made.
    #[inline]
    pub fn new(face: Face<'m, S, MODE, K, V>, args: A, body: B, own: G, run: fn(O) -> R) -> Self {
        Self { call: Checked::new(face, args, body), own, run }
    }
}

impl<S, const MODE: u8, K, V, A, B, G, O, R> CheckedAgain<'_, S, MODE, K, V, A, B, G, O, R>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: ValKey<S, Key = K>,
    B: FnOnce(A) -> R,
    G: Fn(&A) -> O,
    O: Send + 'static,
    R: Outcome<MODE, Kept = V> + 'static,
{
    /// See [`Face::call_again`].
    #[inline]
    pub fn call_again(self) -> R {
        let Self { call: Checked { face, args, body }, own, run } = self;
        face.call_again(args, body, |args| {
            let owned = own(args);
            move || run(owned)
        })
    }

    /// See [`Face::call_soft`].
    #[inline]
    pub fn call_soft(self) -> R {
        let Self { call: Checked { face, args, body }, own, run } = self;
        face.call_soft(args, body, |args| {
            let owned = own(args);
            move || run(owned)
        })
    }
}

/// The same call where the types are not fit: found in the place of the others, and never compiled.
pub trait UncheckedAgain<R>: Sized {
    /// See [`CheckedAgain::call_again`].
    fn call_again(self) -> R {
        let () = Never::<R>::COMPILED;
        unreachable!()
    }

    /// See [`CheckedAgain::call_soft`].
    fn call_soft(self) -> R {
        let () = Never::<R>::COMPILED;
        unreachable!()
    }
}

impl<S, const MODE: u8, K, V, A, B, G, O, R> UncheckedAgain<R>
    for CheckedAgain<'_, S, MODE, K, V, A, B, G, O, R>
{
}

/// A lazy call whose arguments are not fit for one: found in the place of [`Deferred`]'s methods, and never compiled.
pub trait NeverDeferred<T>: Sized {
    /// See [`Deferred::into_lazy`].
    fn into_lazy(self) -> Lazy<T> {
        let () = Never::<T>::COMPILED;
        unreachable!()
    }

    /// See [`Deferred::into_lazy_future`].
    fn into_lazy_future(self) -> LazyFuture<T> {
        let () = Never::<T>::COMPILED;
        unreachable!()
    }
}

impl<A, T, F> NeverDeferred<T> for Deferred<A, T, F> {}

/// What is awaited of a call whose arguments or value are not fit for one: found in the place of [`Forced`]'s, and never compiled.
pub trait NeverForced<F>: Sized {
    /// See [`Forced::boxed`].
    fn boxed<T>(self) -> Forcing<T>
    where
        F: Future<Output = T>,
    {
        let () = Never::<T>::COMPILED;
        unreachable!()
    }
}

impl<A, F, const MODE: u8> NeverForced<F> for Forced<'_, A, F, MODE> {}

/// An argument that is to be owned, where it can be.
#[derive(Debug)]
pub struct Lent<'a, T: ?Sized>(pub &'a T);

impl<T: Clone> Lent<'_, T> {
    /// A clone of it.
    pub fn cloned(&self) -> T {
        self.0.clone()
    }
}

impl<T: ?Sized + ToOwned> Lent<'_, T> {
    /// What owns the same.
    pub fn owned(&self) -> T::Owned {
        self.0.to_owned()
    }
}

/// The same where it cannot be: found in the place of the others, and never compiled.
pub trait NeverOwned<T: ?Sized> {
    /// See [`Lent::cloned`].
    fn cloned(&self) -> T
    where
        T: Sized,
    {
        let () = Never::<T>::COMPILED;
        unreachable!()
    }

    /// See [`Lent::owned`].
    fn owned(&self) -> Lost<T> {
        let () = Never::<T>::COMPILED;
        unreachable!()
    }
}

impl<T: ?Sized> NeverOwned<T> for Lent<'_, T> {}

/// What nothing owns, and no thread may have.
#[derive(Debug)]
pub struct Lost<T: ?Sized>(PhantomData<*mut Box<T>>);

impl<T: ?Sized> Borrow<T> for Lost<T> {
    fn borrow(&self) -> &T {
        let () = Never::<T>::COMPILED;
        unreachable!()
    }
}

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
    /// See [`Face::to_write_as`].
    #[inline]
    pub fn to_write_as<T>(self, keep: fn(T) -> V) -> ToWrite<T, V> {
        self.0.to_write_as(self.1, keep)
    }
}

/// The same where they are not: found in the place of the others, and never compiled.
pub trait UncheckedArgs<V>: Sized {
    /// See [`CheckedArgs::to_write_as`].
    fn to_write_as<T>(self, _: fn(T) -> V) -> ToWrite<T, V> {
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
pub(crate) struct Never<R: ?Sized>(PhantomData<R>);

impl<R: ?Sized> Never<R> {
    pub(crate) const COMPILED: () =
        panic!("the types of this function do not fit together, and nothing has said so");
}
