//! A memo as expansions use it: with the arguments as they are, a body to run, and the words of the function's return
//! type. What the types of a function are is written down once, as those of its face; the rest follows from it.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::call::Call;
use crate::engine::note;
use crate::info::Count;
use crate::key::{At, Made, ValKey};
use crate::memo::{Memo, Old, StoreRef, Way};
use crate::outcome::Outcome;
use crate::reload::{Claim, Found, Job, Look, Reloaded};
use crate::site::Site;
use crate::spec::Spec;
use crate::store::Store;
use crate::store_async::{Anywhere, Here};
use crate::warm::WarmedKey;

mod awaited;

pub use awaited::{AsyncBody, CallHere};

/// A body that runs once.
type Running<'a, A, R> = &'a mut dyn FnMut(A) -> R;
/// What answers where a value has grown old, if it does not leave that to a load.
type OnOld<K, V, A, R> = for<'a> fn(Old<K, V>, A, Running<'a, A, R>) -> Result<R, (A, Running<'a, A, R>)>;

/// What calls a function by its face.
type Calls<F, A, R> = fn(F, A, fn(A) -> R) -> R;

/// A memo, the shape `S` of its function's arguments, and how what the function returns is kept.
pub struct Face<'m, S, const MODE: u8, K: 'static, V: 'static> {
    memo: &'m Memo<K, V>,
    /// What a hit leaves behind, where that is known.
    note: u8,
    _shape: PhantomData<fn() -> S>,
}

/// The face of a function, which lives for ever.
pub type FaceOf<S, const MODE: u8, K, V> = Face<'static, S, MODE, K, V>;

impl<S, const MODE: u8, K: 'static, V: 'static> Copy for Face<'_, S, MODE, K, V> {}

impl<S, const MODE: u8, K: 'static, V: 'static> Clone for Face<'_, S, MODE, K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S, const MODE: u8, K: 'static, V: 'static> fmt::Debug for Face<'_, S, MODE, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Face").field("memo", &self.memo.name()).finish_non_exhaustive()
    }
}

impl<'m, S, const MODE: u8, K: 'static, V: 'static> Face<'m, S, MODE, K, V> {
    /// The face of a memo.
    #[inline]
    pub const fn new(memo: &'m Memo<K, V>) -> Self {
        Self { memo, note: note::UNKNOWN, _shape: PhantomData }
    }

    /// The face of a memo of which that is known: see [`noting`](Self::noting).
    #[inline]
    pub(crate) const fn noted(memo: &'m Memo<K, V>, note: u8) -> Self {
        Self { memo, note, _shape: PhantomData }
    }

    /// The same face, where it is known what a hit leaves behind: see `engine::note`. If that is a constant, calls are
    /// compiled for it alone.
    #[inline]
    #[must_use]
    pub const fn noting(self, note: u8) -> Self {
        Self { note, ..self }
    }

    /// Counts a lazy call that is put off.
    pub fn created(self)
    where
        K: Send + Sync,
        V: Send + Sync,
    {
        self.memo.store().count(Count::Created, 1);
    }

    /// The same face, for a lazy call that is forced: counted.
    #[must_use]
    pub fn forced(self) -> Self
    where
        K: Send + Sync,
        V: Send + Sync,
    {
        self.memo.store().count(Count::Forced, 1);
        self
    }

    /// The face of an instance's memo, which may not know yet whose it is.
    #[inline]
    pub fn bound(memo: &'m Memo<K, V>, spec: fn() -> Spec<K, V>) -> Self {
        memo.bind(spec);
        Self::new(memo)
    }
}

impl<'m, S, const MODE: u8, K: Send + Sync + 'static, V: Send + Sync + 'static> Face<'m, S, MODE, K, V> {
    pub(crate) fn store(self) -> StoreRef<'m, K, V> {
        self.memo.store()
    }
}

impl<S, const MODE: u8, K, V> Face<'_, S, MODE, K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// A memoized call.
    #[inline(always)]
    pub fn call<A, R>(self, args: A, body: impl FnOnce(A) -> R) -> R
    where
        A: ValKey<S, Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        let args = At::new(args);
        match self.memo.hit(self.note, &args) {
            Ok(value) => R::from_kept(value),
            Err(way) => {
                self.call_on(way, args, body, |old, at, body| Ok(old.claim.here(old.value, || body(at))))
            }
        }
    }

    /// The same of a function whose values do not grow old, as its options say.
    #[inline]
    pub fn call_young<A, R, B>(self, args: A, body: B) -> R
    where
        A: ValKey<S, Key = K>,
        R: Outcome<MODE, Kept = V>,
        B: FnOnce(A) -> R,
    {
        let args = At::new(args);
        match self.memo.hit(self.note, &args) {
            Ok(value) => R::from_kept(value),
            Err(way) => self.call_on(way, args, body, |_, at, body| Err((at, body))),
        }
    }

    /// What calls a function of which that is noted. Worked out when it is compiled, so that nobody even looks at the other.
    pub(crate) const fn calls<A, R>(note: u8) -> Calls<Self, A, R>
    where
        A: ValKey<S, Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        if note::is_plain(note) {
            Self::call_plain::<A, R>
        } else if note::is_simple(note) {
            Self::call_simple::<A, R>
        } else {
            Self::call_young::<A, R, fn(A) -> R>
        }
    }

    /// The same of a function whose options are simple.
    #[inline]
    pub fn call_simple<A, R>(self, args: A, body: fn(A) -> R) -> R
    where
        A: ValKey<S, Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        let args = At::new(args);
        match self.memo.hit(self.note, &args) {
            Ok(value) => R::from_kept(value),
            Err(way) => self.memo.call_simple_on(way, args, body),
        }
    }

    /// The same where the body is no pointer.
    #[inline]
    pub fn call_simple_with<A, R>(self, args: A, body: impl FnOnce(A) -> R) -> R
    where
        A: ValKey<S, Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        let args = At::new(args);
        match self.memo.hit(self.note, &args) {
            Ok(value) => R::from_kept(value),
            Err(way) => {
                let mut body = Some(body);
                let body: Running<'_, At<S, A>, R> = &mut |at| body.take().expect("a body runs once")(at.0);
                self.memo.call_simple_on(way, args, body)
            }
        }
    }

    /// The same of a function without options. Its body is a pointer, so that this can be compiled once for all functions with these
    /// arguments. Where something is optimized it may as well become part of the only one that calls it; not of each of a hundred, which
    /// would save five instructions and be most of what such a crate has to compile.
    #[cfg_attr(not(debug_assertions), inline)]
    #[cfg_attr(debug_assertions, inline(never))]
    pub fn call_plain<A, R>(self, args: A, body: fn(A) -> R) -> R
    where
        A: ValKey<S, Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        let args = At::new(args);
        match self.memo.hit_plain(&args) {
            Ok(value) => R::from_kept(value),
            Err(way) => self.memo.call_plain_on(way, args, body),
        }
    }

    /// The same where the body is no pointer, as that holds what the key was worked out from.
    #[inline(always)]
    pub fn call_plain_with<A, R>(self, args: A, body: impl FnOnce(A) -> R) -> R
    where
        A: ValKey<S, Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        let args = At::new(args);
        match self.memo.hit_plain(&args) {
            Ok(value) => R::from_kept(value),
            Err(way) => {
                let mut body = Some(body);
                let body: Running<'_, At<S, A>, R> = &mut |at| body.take().expect("a body runs once")(at.0);
                self.memo.call_plain_on(way, args, body)
            }
        }
    }

    #[inline(never)]
    fn call_on<A, R>(
        self,
        way: Way,
        args: At<S, A>,
        body: impl FnOnce(A) -> R,
        on_old: OnOld<K, V, At<S, A>, R>,
    ) -> R
    where
        A: ValKey<S, Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        let mut body = Some(body);
        // Of one type for all functions with these arguments: what runs a body is compiled once for them.
        let body: Running<'_, At<S, A>, R> = &mut |at| body.take().expect("a body runs once")(at.0);
        self.memo.call_on(way, args, body, on_old)
    }

    /// The same where the body can be run once more by another thread: `again` makes the arguments owned.
    pub fn call_again<A, R, B>(self, args: A, body: impl FnOnce(A) -> R, again: impl FnOnce(&A) -> B) -> R
    where
        A: ValKey<S, Key = K>,
        R: Outcome<MODE, Kept = V>,
        B: FnOnce() -> R + Send + 'static,
    {
        let args = At::new(args);
        let way = match self.memo.hit(self.note, &args) {
            Ok(value) => return R::from_kept(value),
            Err(way) => way,
        };
        let mut body = Some(body);
        let body: &mut dyn FnMut(At<S, A>) -> R = &mut |at| body.take().expect("a body runs once")(at.0);
        let on_old = |old: Old<K, V>, at: At<S, A>, _: Running<'_, At<S, A>, R>| {
            let run = again(&at.0);
            let job = move || Reloaded(run().split().map_err(|failure| R::share(&failure)));
            old.claim.send(Box::new(job));
            Ok(R::from_kept(old.value))
        };
        self.memo.call_on(way, args, body, on_old)
    }

    /// The same where a caller with an old value at hand waits for its reload for so long.
    pub fn call_soft<A, R, B>(self, args: A, body: impl FnOnce(A) -> R, again: impl Fn(&A) -> B) -> R
    where
        A: ValKey<S, Key = K>,
        R: Outcome<MODE, Kept = V>,
        B: FnOnce() -> R + Send + 'static,
    {
        let mut body = Some(body);
        let body: &mut dyn FnMut(At<S, A>) -> R = &mut |at| body.take().expect("a body runs once")(at.0);
        let again = |at: &At<S, A>| {
            let run = again(&at.0);
            let job = move || Reloaded(run().split().map_err(|failure| R::share(&failure)));
            Box::new(job) as Job<V>
        };
        self.memo.call_soft(At::new(args), body, again)
    }

    /// The same for an asynchronous function, whose reloads run in tasks of their own.
    pub fn call_soft_async<A, F, R>(self, args: A, body: impl FnOnce(A) -> F) -> impl Future<Output = R>
    where
        A: ValKey<S, Key = K>,
        F: Future<Output = R> + Send + 'static,
        R: Outcome<MODE, Kept = V> + Send + 'static,
    {
        let (store, args) = (self.memo.store(), At::<S, A>::new(args));
        let hash = store.hash(&args);
        let found = match store.seek(hash, &args) {
            Look::Found(value) => return Call::ready(value),
            Look::Missing => Found::Missing((store.share(), Made::new(&args)), Anywhere::new(body(args.0))),
            Look::Old(old, ticket) => {
                Found::Old(old, Claim::new(store.share(), hash, &args, ticket), Anywhere::new(body(args.0)))
            }
        };
        Call::rest(async move {
            match found {
                Found::Missing((store, key), pilot) => store.load_soft_async(hash, key, pilot).await,
                Found::Old(old, claim, pilot) => Store::reload_soft_async(hash, old, claim, pilot).await,
            }
        })
    }

    /// Runs the body now, and puts what it returns in the place of what is there.
    pub fn refresh<A, R>(self, args: A, body: impl FnOnce(A) -> R) -> R
    where
        A: ValKey<S, Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        let mut body = Some(body);
        let body: &mut dyn FnMut(At<S, A>) -> R = &mut |at| body.take().expect("a body runs once")(at.0);
        self.memo.store().refresh(At::new(args), body)
    }

    /// A memoized call of an asynchronous function whose body may borrow: only its own caller drives it.
    #[inline]
    pub fn call_here<A, F, R>(self, args: A, body: impl FnOnce(A) -> F) -> impl Future<Output = R>
    where
        A: ValKey<S, Key = K>,
        F: Future<Output = R>,
        R: Outcome<MODE, Kept = V>,
    {
        let args = At::<S, A>::new(args);
        match self.memo.hit(self.note, &args) {
            Ok(value) => Call::ready(value),
            Err(way) => self.rest_here(way, args, body),
        }
    }

    #[inline(never)]
    fn rest_here<A, F, R>(
        self,
        way: Way,
        args: At<S, A>,
        body: impl FnOnce(A) -> F,
    ) -> Call<V, R, impl Future<Output = R>, MODE>
    where
        A: ValKey<S, Key = K>,
        F: Future<Output = R>,
        R: Outcome<MODE, Kept = V>,
    {
        let store = self.memo.store();
        let (hash, found) = way.look(&store, &args);
        let found = match found {
            Look::Found(value) => return Call::ready(value),
            Look::Missing => Found::Missing(Made::new(&args), Here(body(args.0))),
            Look::Old(old, ticket) => {
                Found::Old(old, Claim::new(store.share(), hash, &args, ticket), Here(body(args.0)))
            }
        };
        Call::rest(async move {
            match found {
                Found::Missing(key, pilot) => pilot.load(store, hash, key).await,
                Found::Old(old, claim, pilot) => claim.led_here(old, pilot).await,
            }
        })
    }

    /// [`refresh`](Face::refresh) of such a function.
    pub async fn refresh_here<A, F, R>(self, args: A, body: impl FnOnce(A) -> F) -> R
    where
        A: ValKey<S, Key = K>,
        F: Future<Output = R>,
        R: Outcome<MODE, Kept = V>,
    {
        let (store, args) = (self.memo.store(), At::<S, A>::new(args));
        let (lease, replaced) = store.begin_refresh(Arc::clone(store.flights()), &args);
        Here(body(args.0)).lead(store, lease, replaced).await
    }

    /// Loads a key ahead of any call.
    pub fn warm<A, R>(self, args: A, body: impl FnOnce(A) -> R) -> WarmedKey
    where
        A: ValKey<S, Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        self.memo.store().warm(At::new(args), |at: At<S, A>| body(at.0))
    }

    /// The same for an asynchronous function.
    pub async fn warm_here<A, F, R>(self, args: A, body: impl FnOnce(A) -> F) -> WarmedKey
    where
        A: ValKey<S, Key = K>,
        F: Future<Output = R>,
        R: Outcome<MODE, Kept = V>,
    {
        let (store, args) = (self.memo.store(), At::<S, A>::new(args));
        if store.contains(&args) {
            return WarmedKey::Present;
        }
        let (hash, key) = (store.hash(&args), Made::new(&args));
        store.warm_async(hash, key, Here(body(args.0))).await
    }

    /// Forgets one entry; whether there was one.
    pub fn invalidate<A: ValKey<S, Key = K>>(self, args: A) -> bool {
        self.memo.store().invalidate(&At::<S, A>::new(args))
    }

    /// Whether a fresh value is there.
    pub fn contains<A: ValKey<S, Key = K>>(self, args: A) -> bool {
        self.memo.store().contains(&At::<S, A>::new(args))
    }

    /// The value, if a fresh one is there.
    pub fn peek<A: ValKey<S, Key = K>>(self, args: A) -> Option<V> {
        self.memo.store().peek(&At::<S, A>::new(args))
    }

    /// Puts a value.
    pub fn insert<A: ValKey<S, Key = K>>(self, args: A, value: V) {
        self.memo.store().insert(&At::<S, A>::new(args), value);
    }

    /// A call as people read it.
    ///
    /// # Errors
    /// Those of the formatter.
    pub fn fmt_call<A: ValKey<S, Key = K>>(self, args: A, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.memo.fmt_call(&At::<S, A>::new(args), f)
    }
}

impl<S, const MODE: u8, K, V> Face<'static, S, MODE, K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// The face of a function whose key is an expression: the key's type is that of what is made from the arguments.
    #[inline]
    pub fn for_args<A, P>(site: &'static Site, _args: &A, spec: P) -> Self
    where
        A: ValKey<S, Key = K>,
        P: Fn() -> Spec<K, V> + Send + Sync + 'static,
    {
        Self::new(site.of(spec))
    }
}

/// The face of an instance's memo where the key is an expression: the memo has to be one for what is made from the arguments.
#[inline]
pub fn bound_for<'m, S, const MODE: u8, V, A>(
    _args: &A,
    memo: &'m Memo<A::Key, V>,
    spec: fn() -> Spec<A::Key, V>,
) -> Face<'m, S, MODE, A::Key, V>
where
    A: ValKey<S>,
    V: Send + Sync + 'static,
{
    Face::bound(memo, spec)
}

/// The memo of such a function where there are no arguments, from a function that would make them and is not called.
pub fn memo_by<S, P, A, V, F>(
    site: &'static Site,
    _args: impl Fn(P) -> A,
    spec: F,
) -> &'static Memo<A::Key, V>
where
    A: ValKey<S>,
    V: Send + Sync + 'static,
    F: Fn() -> Spec<A::Key, V> + Send + Sync + 'static,
{
    site.of(spec)
}

/// The return value that a kept value stands for.
pub fn from_kept<const MODE: u8, V, R: Outcome<MODE, Kept = V>>(kept: Option<V>) -> Option<R> {
    kept.map(R::from_kept)
}

/// The same of a kept value as users see it.
pub fn from_shown<const MODE: u8, R: Outcome<MODE>>(shown: Option<R::Shown>) -> Option<R> {
    shown.map(|shown| R::from_kept(R::keep(shown)))
}
