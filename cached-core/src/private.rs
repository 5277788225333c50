//! All that expansions of the attributes may name. No part of the public face: it changes with any release.

use std::fmt;

pub use crate::batch::gather::Gathering;
pub use crate::batch::plan::{Answers, Batch, Form, Kin, Plan};
pub use crate::key::{Args, OwnPart, Part, Ref, RefKey, Val, ValKey, mode as key_mode};
pub use crate::lazy::{Deferred, forcing};
pub use crate::memo::Spec;
pub use crate::options::Options;
pub use crate::outcome::{Outcome, mode as outcome_mode};
pub use crate::probe::{DebugFn, Probe, Unknown, UnknownDebug};
pub use crate::site::Site;

use std::future::Future;
use std::sync::Arc;

use crate::info::Count;
use crate::key::Made;
use crate::memo::Memo;
pub use crate::store_async::AsyncBody;
use crate::store_async::{Anywhere, Here, Pilot as _};
pub use crate::store_batch_async::{BatchBody, BatchHere};

/// A memoized call.
#[inline]
pub fn call<const MODE: u8, K, V, A, R>(memo: &Memo<K, V>, args: A, body: impl FnOnce(A) -> R) -> R
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: Args<Key = K>,
    R: Outcome<MODE, Kept = V>,
{
    memo.call(args, body)
}

/// `refresh` of a companion.
pub fn refresh<const MODE: u8, K, V, A, R>(memo: &Memo<K, V>, args: A, body: impl FnOnce(A) -> R) -> R
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: Args<Key = K>,
    R: Outcome<MODE, Kept = V>,
{
    memo.refresh_args(args, body)
}

/// A memoized call of an asynchronous function whose body may borrow: only its own caller drives it.
pub fn call_here<const MODE: u8, K, V, A, R, F>(
    memo: &Memo<K, V>,
    args: A,
    body: impl FnOnce(A) -> F,
) -> impl Future<Output = R>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: Args<Key = K>,
    F: Future<Output = R>,
    R: Outcome<MODE, Kept = V>,
{
    let store = memo.store();
    let hash = store.hash(&args);
    let found = store.hit(hash, &args).ok_or_else(|| (Made::new(&args), Here(body(args))));
    async move {
        match found {
            Ok(value) => R::from_kept(value),
            Err((key, pilot)) => store.load_async(hash, key, pilot).await,
        }
    }
}

/// `refresh` of such a function.
pub fn refresh_here<const MODE: u8, K, V, A, R, F>(
    memo: &Memo<K, V>,
    args: A,
    body: impl FnOnce(A) -> F,
) -> impl Future<Output = R>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: Args<Key = K>,
    F: Future<Output = R>,
    R: Outcome<MODE, Kept = V>,
{
    let store = memo.store();
    let (lease, replaced) = store.begin_refresh(Arc::clone(store.flights()), &args);
    Here(body(args)).lead(store, lease, replaced)
}

impl<A, B, F, R> AsyncBody<A, B, F>
where
    A: Args,
    B: FnOnce(A) -> F,
    F: Future<Output = R> + Send + 'static,
    R: Send + 'static,
{
    /// A memoized call whose body every waiting task can drive.
    pub fn call<const MODE: u8, V>(self, memo: &Memo<A::Key, V>, args: A) -> impl Future<Output = R>
    where
        V: Clone + Send + Sync + 'static,
        R: Outcome<MODE, Kept = V>,
    {
        let store = memo.store();
        let hash = store.hash(&args);
        let body = self.into_body();
        let found = store.hit(hash, &args).ok_or_else(|| (Made::new(&args), Anywhere(body(args))));
        async move {
            match found {
                Ok(value) => R::from_kept(value),
                Err((key, pilot)) => store.load_async(hash, key, pilot).await,
            }
        }
    }

    /// `refresh` of such a function.
    pub fn refresh<const MODE: u8, V>(self, memo: &Memo<A::Key, V>, args: A) -> impl Future<Output = R>
    where
        V: Clone + Send + Sync + 'static,
        R: Outcome<MODE, Kept = V>,
    {
        let store = memo.store();
        let (lease, replaced) = store.begin_refresh(Arc::clone(store.flights()), &args);
        Anywhere(self.into_body()(args)).lead(store, lease, replaced)
    }
}

/// The same where the future cannot be sent: only its own caller drives it.
pub trait CallHere<A: Args, R>: Sized {
    /// See [`AsyncBody::call`].
    fn call<const MODE: u8, V>(self, memo: &Memo<A::Key, V>, args: A) -> impl Future<Output = R>
    where
        V: Clone + Send + Sync + 'static,
        R: Outcome<MODE, Kept = V>;

    /// See [`AsyncBody::refresh`].
    fn refresh<const MODE: u8, V>(self, memo: &Memo<A::Key, V>, args: A) -> impl Future<Output = R>
    where
        V: Clone + Send + Sync + 'static,
        R: Outcome<MODE, Kept = V>;
}

impl<A: Args, B: FnOnce(A) -> F, F: Future<Output = R>, R> CallHere<A, R> for AsyncBody<A, B, F> {
    fn call<const MODE: u8, V>(self, memo: &Memo<A::Key, V>, args: A) -> impl Future<Output = R>
    where
        V: Clone + Send + Sync + 'static,
        R: Outcome<MODE, Kept = V>,
    {
        call_here(memo, args, self.into_body())
    }

    fn refresh<const MODE: u8, V>(self, memo: &Memo<A::Key, V>, args: A) -> impl Future<Output = R>
    where
        V: Clone + Send + Sync + 'static,
        R: Outcome<MODE, Kept = V>,
    {
        refresh_here(memo, args, self.into_body())
    }
}

/// A call of a batch function.
pub fn batch_call<const ITEM: u8, P: Plan>(
    _: P,
    memo: &Memo<P::Key, P::Kept>,
    keys: &[P::Elem],
    max: usize,
    body: impl FnMut(&[P::Elem]) -> P::Returned,
) -> P::Returned
where
    P::Item: Outcome<ITEM, Kept = P::Kept>,
{
    memo.store().call_batch::<P, ITEM>(keys, max, body)
}

/// `load` of a batch function.
#[expect(clippy::needless_pass_by_value, reason = "expansions give what they have")]
pub fn batch_load<const ITEM: u8, P: Plan>(
    _: P,
    memo: &Memo<P::Key, P::Kept>,
    key: P::Elem,
    how: Gathering,
    body: impl FnMut(&[P::Elem]) -> P::Returned,
) -> P::One
where
    P::Item: Outcome<ITEM, Kept = P::Kept>,
{
    memo.store().load_one::<P, ITEM>(&key, &how, body)
}

/// `refresh` of a batch function.
#[expect(clippy::needless_pass_by_value, reason = "expansions give what they have")]
pub fn batch_refresh<const ITEM: u8, P: Plan>(
    _: P,
    memo: &Memo<P::Key, P::Kept>,
    key: P::Elem,
    body: impl FnOnce(&[P::Elem]) -> P::Returned,
) -> P::One
where
    P::Item: Outcome<ITEM, Kept = P::Kept>,
{
    memo.store().refresh_one::<P, ITEM>(&key, body)
}

/// A skipped argument of a batch function, for one more run of the body.
pub fn again<T: Clone>(arg: &T) -> T {
    arg.clone()
}

/// `invalidate` of a companion.
pub fn invalidate<K, V, A>(memo: &Memo<K, V>, args: &A) -> bool
where
    K: Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
    A: Args<Key = K>,
{
    memo.invalidate_args(args)
}

/// `contains` of a companion.
pub fn contains<K, V, A>(memo: &Memo<K, V>, args: &A) -> bool
where
    K: Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
    A: Args<Key = K>,
{
    memo.contains_args(args)
}

/// `peek` of a companion.
pub fn peek<K, V, A>(memo: &Memo<K, V>, args: &A) -> Option<V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: Args<Key = K>,
{
    memo.peek_args(args)
}

/// `insert` of a companion.
pub fn insert<K, V, A>(memo: &Memo<K, V>, args: &A, value: V)
where
    K: Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
    A: Args<Key = K>,
{
    memo.insert_args(args, value);
}

/// The return value that a kept value stands for.
pub fn from_kept<const MODE: u8, V, R: Outcome<MODE, Kept = V>>(kept: Option<V>) -> Option<R> {
    kept.map(R::from_kept)
}

/// A call of a lazy function has been put off.
pub fn count_created<K: Send + Sync + 'static, V: Send + Sync + 'static>(memo: &Memo<K, V>) {
    memo.store().count(Count::Created, 1);
}

/// A call of a lazy function is forced.
pub fn count_forced<K: Send + Sync + 'static, V: Send + Sync + 'static>(memo: &Memo<K, V>) {
    memo.store().count(Count::Forced, 1);
}

/// A call as people read it.
///
/// # Errors
/// Those of the formatter.
pub fn fmt_call<K, V, A>(memo: &Memo<K, V>, args: &A, f: &mut fmt::Formatter<'_>) -> fmt::Result
where
    K: Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
    A: Args<Key = K>,
{
    memo.fmt_call(args, f)
}

/// The memo of a function whose key is an expression; its type is that of the arguments made from it.
#[inline]
pub fn memo_for<A: Args, V: Send + Sync + 'static>(
    site: &'static Site,
    _args: &A,
    spec: fn() -> Spec<A::Key>,
) -> &'static Memo<A::Key, V> {
    site.memo(spec)
}

/// The same where there are no arguments, from a function that would make them and is not called.
pub fn memo_by<P, A: Args, V: Send + Sync + 'static>(
    site: &'static Site,
    _args: impl Fn(P) -> A,
    spec: fn() -> Spec<A::Key>,
) -> &'static Memo<A::Key, V> {
    site.memo(spec)
}

/// An owned argument can be looked up by, or the compiler says so.
pub const fn assert_key<const MODE: u8, T: AsKey<MODE> + SharedKey<MODE>>() {}

/// A borrowed argument can be looked up by, or the compiler says so.
pub const fn assert_ref_key<const MODE: u8, T: ?Sized + AsRefKey<MODE> + SharedKey<MODE>>() {}

/// The return value of a batch has one of the forms it may have, or the compiler says so.
pub const fn assert_answers<K, const WHOLE: u8, R>()
where
    R: Outcome<WHOLE>,
    R::Kept: Answers<K>,
{
}

/// A returned value can be kept, or the compiler says so.
pub const fn assert_value<const MODE: u8, T: CloneValue<MODE> + SharedValue<MODE>>() {}

#[diagnostic::on_unimplemented(
    message = "an argument of type `{Self}` cannot be part of a cache key",
    label = "not `Hash + Eq + Clone`",
    note = "leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait AsKey<const MODE: u8> {}

#[diagnostic::on_unimplemented(
    message = "an argument of type `&{Self}` cannot be part of a cache key",
    label = "`{Self}` is not `Hash + Eq + ToOwned` with an owned form that is `Hash + Eq + Clone`",
    note = "leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait AsRefKey<const MODE: u8> {}

#[diagnostic::on_unimplemented(
    message = "an argument of type `{Self}` cannot be part of a cache key that threads share",
    label = "not `Send + Sync`",
    note = "leave it out with `skip(..)`, or say what stands for it with `key = ..`"
)]
pub trait SharedKey<const MODE: u8> {}

#[diagnostic::on_unimplemented(
    message = "a returned `{Self}` cannot be kept in a cache",
    label = "what is kept must be `Clone`: a hit returns a clone of it",
    note = "return it in an `Arc`"
)]
pub trait CloneValue<const MODE: u8> {}

#[diagnostic::on_unimplemented(
    message = "a returned `{Self}` cannot be kept in a cache that threads share",
    label = "what is kept must be `Send + Sync`",
    note = "use types that can be shared: `Arc` for `Rc`, `Mutex` for `RefCell`"
)]
pub trait SharedValue<const MODE: u8> {}

macro_rules! accepted {
    ($($trait:ident: $($mode:expr),*;)*) => { $($(
        impl<T: ?Sized> $trait<{ $mode }> for T {}
    )*)* };
}
accepted! {
    AsKey: key_mode::BY_EQ, key_mode::BY_BITS, key_mode::NOT_SHARED;
    AsRefKey: key_mode::BY_EQ, key_mode::BY_BITS, key_mode::NOT_SHARED;
    SharedKey: key_mode::BY_EQ, key_mode::BY_BITS, key_mode::NO_KEY;
    CloneValue: outcome_mode::PLAIN, outcome_mode::RESULT, outcome_mode::RESULT_SHARED, outcome_mode::NOT_SHARED;
    SharedValue: outcome_mode::PLAIN, outcome_mode::RESULT, outcome_mode::RESULT_SHARED, outcome_mode::NO_CLONE;
}

/// How an owned argument of this type takes part in a key.
#[macro_export]
#[doc(hidden)]
macro_rules! __key_mode {
    ($type:ty) => {{
        use $crate::__private::{Probe, Unknown as _};
        let _ = Probe::<$type>::NOTHING;
        $crate::__private::key_mode::of_key(
            Probe::<$type>::BY_EQ,
            Probe::<$type>::BY_BITS,
            Probe::<$type>::SHARED,
        )
    }};
}

/// How an argument that is a reference to this type takes part in a key.
#[macro_export]
#[doc(hidden)]
macro_rules! __ref_key_mode {
    ($type:ty) => {{
        use $crate::__private::{Probe, Unknown as _};
        let _ = Probe::<$type>::NOTHING;
        $crate::__private::key_mode::of_key(
            Probe::<$type>::REF_BY_EQ,
            Probe::<$type>::REF_BY_BITS,
            Probe::<$type>::REF_SHARED,
        )
    }};
}

/// How a return value of this type is kept.
#[macro_export]
#[doc(hidden)]
macro_rules! __outcome_mode {
    ($type:ty) => {{
        use $crate::__private::{Probe, Unknown as _, outcome_mode};
        let _ = Probe::<$type>::NOTHING;
        if Probe::<$type>::IS_RESULT {
            outcome_mode::of_result(
                Probe::<$type>::OK_CLONE,
                Probe::<$type>::OK_SYNC,
                Probe::<$type>::ERR_SHARED,
            )
        } else {
            outcome_mode::of_value(Probe::<$type>::CLONE, Probe::<$type>::SYNC)
        }
    }};
}

/// How a batch function's return value fails as a whole.
#[macro_export]
#[doc(hidden)]
macro_rules! __whole_mode {
    ($type:ty) => {{
        use $crate::__private::{Probe, Unknown as _, outcome_mode};
        let _ = Probe::<$type>::NOTHING;
        match (Probe::<$type>::IS_RESULT, Probe::<$type>::ERR_SHARED) {
            (true, true) => outcome_mode::RESULT_SHARED,
            (true, false) => outcome_mode::RESULT,
            _ => outcome_mode::PLAIN,
        }
    }};
}

/// Whether a `Result`'s error can say that a batch's answer had the wrong length.
#[macro_export]
#[doc(hidden)]
macro_rules! __holds_length {
    ($type:ty) => {{
        use $crate::__private::{Probe, Unknown as _};
        let _ = Probe::<$type>::NOTHING;
        Probe::<$type>::ERR_LENGTH
    }};
}

/// Whether a batch of such keys may be answered like that.
#[macro_export]
#[doc(hidden)]
macro_rules! __is_fit {
    ($key:ty, $answers:ty) => {{
        use $crate::__private::{Probe, Unknown as _};
        let _ = Probe::<$key>::NOTHING;
        Probe::<($key, $answers)>::FIT
    }};
}

/// Whether values of this type may go to another thread.
#[macro_export]
#[doc(hidden)]
macro_rules! __is_send {
    ($type:ty) => {{
        use $crate::__private::{Probe, Unknown as _};
        let _ = Probe::<$type>::NOTHING;
        Probe::<$type>::SEND
    }};
}

/// A verb of an asynchronous batch function.
#[macro_export]
#[doc(hidden)]
macro_rules! __async_batch {
    ($verb:ident, $mode:expr, $plan:expr, $body:expr, $($args:expr),*) => {{
        use $crate::__private::BatchHere as _;
        $crate::__private::BatchBody::new($plan, $body).$verb::<{ $mode }>($($args),*)
    }};
}

/// `Debug` of a key, where it has one.
#[macro_export]
#[doc(hidden)]
macro_rules! __key_debug {
    ($type:ty) => {{
        use $crate::__private::{Probe, Unknown as _, UnknownDebug as _};
        let _ = (Probe::<$type>::NOTHING, Probe::<()>::NO_DEBUG);
        Probe::<$type>::DEBUG
    }};
}

/// The value of a key expression, made into a part of a key.
#[macro_export]
#[doc(hidden)]
macro_rules! __own_part {
    ($value:expr) => {{
        use $crate::__private::OwnPart as _;
        $crate::__private::Part($value).own()
    }};
}

/// A call, or another verb, of an asynchronous function: driven by every waiting task where its future allows it.
#[macro_export]
#[doc(hidden)]
macro_rules! __async {
    ($verb:ident, $mode:expr, $memo:expr, $args:expr, $body:expr) => {{
        use $crate::__private::CallHere as _;
        $crate::__private::AsyncBody::new(&$args, $body).$verb::<{ $mode }, _>($memo, $args)
    }};
}
