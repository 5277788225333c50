//! Calls of asynchronous functions.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;

use super::Face;
use crate::call::Call;
use crate::key::{Args, At, Made, ValKey};
use crate::memo::{StoreRef, Way};
use crate::outcome::Outcome;
use crate::reload::{Claim, Found, Look, reload_in_task};
use crate::ride::Body;
use crate::runtime;
use crate::store_async::Anywhere;

/// A body that makes a future of type `F` from the arguments, with that type in the open, so that the compiler can be
/// asked what the future can do.
pub struct AsyncBody<'m, S, const MODE: u8, K: 'static, V: 'static, A, B, F> {
    face: Face<'m, S, MODE, K, V>,
    args: A,
    body: B,
    _future: PhantomData<fn() -> F>,
}

impl<S, const MODE: u8, K, V, A, B, F> fmt::Debug for AsyncBody<'_, S, MODE, K, V, A, B, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncBody").finish_non_exhaustive()
    }
}

impl<'m, S, const MODE: u8, K, V, A, B: FnOnce(A) -> F, F> AsyncBody<'m, S, MODE, K, V, A, B, F> {
    /// A call that has not been made.
    #[inline]
    pub fn new(face: Face<'m, S, MODE, K, V>, args: A, body: B) -> Self {
        Self { face, args, body, _future: PhantomData }
    }
}

impl<S, const MODE: u8, K, V, A, B, F, R> AsyncBody<'_, S, MODE, K, V, A, B, F>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: ValKey<S, Key = K>,
    B: FnOnce(A) -> F,
    F: Future<Output = R> + Send + 'static,
    R: Outcome<MODE, Kept = V> + Send + 'static,
{
    /// A memoized call whose body every waiting task can drive.
    #[inline]
    pub fn call(self) -> impl Future<Output = R> {
        let args = At::<S, A>::new(self.args);
        match self.face.memo.hit(self.face.note, &args) {
            Ok(value) => Call::ready(value),
            Err(way) => {
                let mut body = Some(self.body);
                rest(self.face, way, args, &mut |args| {
                    Anywhere::new(body.take().expect("a body runs once")(args))
                })
            }
        }
    }

    /// The same of a function whose options are simple.
    #[inline]
    pub fn call_simple(self) -> impl Future<Output = R> {
        let args = At::<S, A>::new(self.args);
        match self.face.memo.hit(self.face.note, &args) {
            Ok(value) => Call::ready(value),
            Err(way) => {
                let mut body = Some(self.body);
                let body: &mut dyn FnMut(At<S, A>) -> Body<R> =
                    &mut |at| Box::pin(body.take().expect("a body runs once")(at.0));
                self.face.memo.rest_simple(way, args, body)
            }
        }
    }

    /// `refresh` of such a function.
    pub async fn refresh(self) -> R {
        let (store, args) = (self.face.memo.store(), At::<S, A>::new(self.args));
        let (lease, replaced) = store.begin_refresh(Arc::clone(store.flights()), &args);
        Anywhere::new((self.body)(args.0)).lead(store, lease, replaced).await
    }
}

/// The rest of such a call: the same for all functions that take and return the same.
#[inline(never)]
fn rest<'m, S, const MODE: u8, K, V, A, R>(
    face: Face<'m, S, MODE, K, V>,
    way: Way,
    args: At<S, A>,
    body: &mut dyn FnMut(A) -> Anywhere<R>,
) -> Call<V, R, impl Future<Output = R> + use<'m, S, MODE, K, V, A, R>, MODE>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: ValKey<S, Key = K>,
    R: Outcome<MODE, Kept = V> + Send + 'static,
{
    let store = face.memo.store();
    let (hash, found) = way.look(&store, &args);
    let found = match found {
        Look::Found(value) => return Call::ready(value),
        Look::Missing => Found::Missing(Made::new(&args), body(args.0)),
        Look::Old(old, ticket) => {
            let claim = Claim::new(store.share(), hash, &args, ticket);
            Found::Old(old, claim, body(args.0))
        }
    };
    Call::rest(led(store, hash, found))
}

/// What is left of it.
async fn led<A, const MODE: u8, K, V, R>(
    store: StoreRef<'_, K, V>,
    hash: u64,
    found: Found<K, V, Made<A, K>, Anywhere<R>>,
) -> R
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: Args<Key = K>,
    R: Outcome<MODE, Kept = V> + Send + 'static,
{
    match found {
        Found::Missing(key, pilot) => pilot.load(store, hash, key).await,
        Found::Old(old, claim, pilot) if runtime::can_spawn() => {
            reload_in_task(claim, pilot);
            R::from_kept(old)
        }
        Found::Old(old, claim, pilot) => claim.led_anywhere(old, pilot).await,
    }
}

/// The same where the future cannot be sent: only its own caller drives it.
pub trait CallHere<R>: Sized {
    /// See [`AsyncBody::call`].
    fn call(self) -> impl Future<Output = R>;

    /// See [`AsyncBody::call_simple`].
    fn call_simple(self) -> impl Future<Output = R>;

    /// See [`AsyncBody::refresh`].
    fn refresh(self) -> impl Future<Output = R>;
}

impl<S, const MODE: u8, K, V, A, B, F, R> CallHere<R> for AsyncBody<'_, S, MODE, K, V, A, B, F>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: ValKey<S, Key = K>,
    B: FnOnce(A) -> F,
    F: Future<Output = R>,
    R: Outcome<MODE, Kept = V>,
{
    #[inline]
    fn call(self) -> impl Future<Output = R> {
        self.face.call_here(self.args, self.body)
    }

    #[inline]
    fn call_simple(self) -> impl Future<Output = R> {
        self.face.call_here(self.args, self.body)
    }

    fn refresh(self) -> impl Future<Output = R> {
        self.face.refresh_here(self.args, self.body)
    }
}
