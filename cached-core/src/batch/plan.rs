//! What the types of a batch function mean: how its answer is taken apart, key by key, and put together again.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use super::BatchLengthError;
use crate::key::{Args, At, Mode, RefKey, RefTo};
use crate::outcome::{Never, Outcome, SharedFailure, mode};

/// The types of one batch function. The attribute writes down one [`Batch`] for each.
pub trait Plan: 'static {
    /// A key as the function takes it.
    type Elem: Clone + Send + Sync + 'static;
    /// A key as it is stored.
    type Key: Clone + Send + Sync + 'static;
    /// A key as it is looked up.
    type Args<'a>: Args<Key = Self::Key> + Send + Sync;
    /// What the function returns.
    type Returned;
    /// The failure of a whole run.
    type Whole;
    /// The answer for one key.
    type Item;
    /// What is kept of it.
    type Kept: Clone + Send + Sync + 'static;
    /// An answer on its way to another thread.
    type Parcel: Send + 'static;
    /// What `load` returns.
    type One;

    /// Looks a key up.
    fn args(elem: &Self::Elem) -> Self::Args<'_>;
    /// The answers for these keys, in their order.
    ///
    /// # Errors
    /// The failure of the run, a wrong length among them where the function's error can hold it.
    ///
    /// # Panics
    /// If the length is wrong and no error can hold that.
    fn split(returned: Self::Returned, keys: &[Self::Elem]) -> Result<Vec<Self::Item>, Self::Whole>;
    /// The return value for these keys.
    fn join(keys: &[Self::Elem], items: Vec<Self::Item>) -> Self::Returned;
    /// The return value of a run that failed.
    fn failed(whole: Self::Whole) -> Self::Returned;
    /// The return value of `load`.
    fn one(result: Result<Self::Item, Self::Whole>) -> Self::One;
    /// The failure of a run in a form that others can be told, where there is one.
    fn share(whole: &Self::Whole) -> Option<SharedFailure>;
    /// The failure that somebody else was told.
    fn unshare(shared: &SharedFailure) -> Option<Self::Whole>;
    /// An answer for a caller on another thread, where it may go there.
    fn pack(item: Self::Item) -> Option<Self::Parcel>;
    /// The answer that was sent.
    fn unpack(parcel: Self::Parcel) -> Self::Item;
}

/// The types and modes of one batch function: how a key is compared (`KEY`), how the return value fails as a whole
/// (`WHOLE`), how one answer is kept (`ITEM`), which of both failures can hold a wrong length, whether an answer may
/// go to another thread, and whether the return value has one of the forms of a batch at all.
#[derive(Debug)]
pub struct Batch<
    const KEY: u8,
    const WHOLE: u8,
    const ITEM: u8,
    const WHOLE_LENGTH: bool,
    const ITEM_LENGTH: bool,
    const SEND: bool,
    const FIT: bool,
    T,
    R,
>(PhantomData<fn(T) -> R>);

impl<
    const KEY: u8,
    const WHOLE: u8,
    const ITEM: u8,
    const WHOLE_LENGTH: bool,
    const ITEM_LENGTH: bool,
    const SEND: bool,
    const FIT: bool,
    T,
    R,
> Batch<KEY, WHOLE, ITEM, WHOLE_LENGTH, ITEM_LENGTH, SEND, FIT, T, R>
{
    /// Nothing but types.
    #[expect(clippy::new_without_default, reason = "made by expansions alone")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

type ItemOf<T, R, const WHOLE: u8, const FIT: bool> = <<R as Outcome<WHOLE>>::Kept as Form<T, FIT>>::Item;

impl<
    const KEY: u8,
    const WHOLE: u8,
    const ITEM: u8,
    const WHOLE_LENGTH: bool,
    const ITEM_LENGTH: bool,
    const SEND: bool,
    const FIT: bool,
    T,
    R,
> Plan for Batch<KEY, WHOLE, ITEM, WHOLE_LENGTH, ITEM_LENGTH, SEND, FIT, T, R>
where
    T: RefKey<Mode<KEY>> + Clone + Send + Sync + 'static,
    R: Around<WHOLE> + 'static,
    <R as Outcome<WHOLE>>::Kept: Form<T, FIT>,
    <R as Outcome<WHOLE>>::Failure: OfLength<WHOLE_LENGTH>,
    ItemOf<T, R, WHOLE, FIT>: Outcome<ITEM> + Mail<SEND>,
    <ItemOf<T, R, WHOLE, FIT> as Outcome<ITEM>>::Kept: Clone + Send + Sync + 'static,
    <ItemOf<T, R, WHOLE, FIT> as Outcome<ITEM>>::Failure: OfLength<ITEM_LENGTH>,
{
    type Elem = T;
    type Key = T::Key;
    type Args<'a> = At<RefTo<Mode<KEY>>, &'a T>;
    type Returned = R;
    type Whole = <R as Outcome<WHOLE>>::Failure;
    type Item = ItemOf<T, R, WHOLE, FIT>;
    type Kept = <Self::Item as Outcome<ITEM>>::Kept;
    type Parcel = <Self::Item as Mail<SEND>>::Parcel;
    type One = R::With<Self::Item>;

    fn args(elem: &T) -> At<RefTo<Mode<KEY>>, &T> {
        At::new(elem)
    }

    fn split(returned: R, keys: &[T]) -> Result<Vec<Self::Item>, Self::Whole> {
        let wrong = match returned.split()?.items(keys) {
            Ok(items) => return Ok(items),
            Err(wrong) => wrong,
        };
        if let Some(whole) = Self::Whole::of_length(wrong) {
            return Err(whole);
        }
        let own = || <<Self::Item as Outcome<ITEM>>::Failure as OfLength<ITEM_LENGTH>>::of_length(wrong);
        let items = keys.iter().map(|_| own().map(<Self::Item as Outcome<ITEM>>::from_failure)).collect();
        Ok(Option::unwrap_or_else(items, || panic!("{wrong}")))
    }

    fn join(keys: &[T], items: Vec<Self::Item>) -> R {
        R::from_kept(<R as Outcome<WHOLE>>::Kept::from_items(keys, items))
    }

    fn failed(whole: Self::Whole) -> R {
        R::from_failure(whole)
    }

    fn one(result: Result<Self::Item, Self::Whole>) -> Self::One {
        R::with(result)
    }

    fn share(whole: &Self::Whole) -> Option<SharedFailure> {
        R::share(whole)
    }

    fn unshare(shared: &SharedFailure) -> Option<Self::Whole> {
        R::unshare(&**shared)
    }

    fn pack(item: Self::Item) -> Option<Self::Parcel> {
        item.pack()
    }

    fn unpack(parcel: Self::Parcel) -> Self::Item {
        Self::Item::unpack(parcel)
    }
}

/// The answers of one run.
#[diagnostic::on_unimplemented(
    message = "a batch of `{T}` cannot be answered with `{Self}`",
    label = "none of the forms a batch may return",
    note = "return `HashMap<{T}, V>`, `Vec<V>` or `Vec<Result<V, E>>` in the order of the keys, or a `Result` of one of them"
)]
pub trait Answers<T>: Sized {
    /// The answer for one key.
    type Item;

    /// One answer for each key, in the order of the keys.
    ///
    /// # Errors
    /// If there are not as many answers as keys.
    fn items(self, keys: &[T]) -> Result<Vec<Self::Item>, BatchLengthError>;
    /// Puts the answers for these keys together. The same key may come twice.
    fn from_items(keys: &[T], items: Vec<Self::Item>) -> Self;
}

/// A key that is not in the map is answered with `None`; what was not asked for is dropped.
impl<T: Hash + Eq + Clone, V, S: BuildHasher + Default> Answers<T> for HashMap<T, V, S> {
    type Item = Option<V>;

    fn items(mut self, keys: &[T]) -> Result<Vec<Option<V>>, BatchLengthError> {
        Ok(keys.iter().map(|key| self.remove(key)).collect())
    }

    fn from_items(keys: &[T], items: Vec<Option<V>>) -> Self {
        present(keys, items).collect()
    }
}

/// As a [`HashMap`].
impl<T: Ord + Clone, V> Answers<T> for BTreeMap<T, V> {
    type Item = Option<V>;

    fn items(mut self, keys: &[T]) -> Result<Vec<Option<V>>, BatchLengthError> {
        Ok(keys.iter().map(|key| self.remove(key)).collect())
    }

    fn from_items(keys: &[T], items: Vec<Option<V>>) -> Self {
        present(keys, items).collect()
    }
}

fn present<T: Clone, V>(keys: &[T], items: Vec<Option<V>>) -> impl Iterator<Item = (T, V)> {
    keys.iter().zip(items).filter_map(|(key, item)| Some((key.clone(), item?)))
}

impl<T, V> Answers<T> for Vec<V> {
    type Item = V;

    fn items(self, keys: &[T]) -> Result<Self, BatchLengthError> {
        if self.len() == keys.len() { Ok(self) } else { Err(BatchLengthError::new(keys.len(), self.len())) }
    }

    fn from_items(_: &[T], items: Self) -> Self {
        items
    }
}

/// The answers of one run, where they have one of the [forms](Answers) of a batch; else a stand-in, so that there is one
/// error for it and not one for each use.
pub trait Form<T, const FIT: bool>: Sized {
    /// The answer for one key.
    type Item;

    /// See [`Answers::items`].
    ///
    /// # Errors
    /// If there are not as many answers as keys.
    fn items(self, keys: &[T]) -> Result<Vec<Self::Item>, BatchLengthError>;
    /// See [`Answers::from_items`].
    fn from_items(keys: &[T], items: Vec<Self::Item>) -> Self;
}

impl<T, A: Answers<T>> Form<T, true> for A {
    type Item = A::Item;

    fn items(self, keys: &[T]) -> Result<Vec<A::Item>, BatchLengthError> {
        Answers::items(self, keys)
    }

    fn from_items(keys: &[T], items: Vec<A::Item>) -> A {
        Answers::from_items(keys, items)
    }
}

impl<T, A> Form<T, false> for A {
    type Item = Never;

    fn items(self, _: &[T]) -> Result<Vec<Never>, BatchLengthError> {
        unreachable!("it does not compile")
    }

    fn from_items(_: &[T], _: Vec<Never>) -> A {
        unreachable!("it does not compile")
    }
}

/// What is around the answers: nothing, or a `Result`.
pub trait Around<const MODE: u8>: Outcome<MODE> {
    /// The same around something else.
    type With<U>;

    /// Puts it around.
    fn with<U>(result: Result<U, Self::Failure>) -> Self::With<U>;
}

impl<T> Around<{ mode::PLAIN }> for T {
    type With<U> = U;

    fn with<U>(result: Result<U, Never>) -> U {
        match result {
            Ok(value) => value,
            Err(never) => match never {},
        }
    }
}

impl<T, E> Around<{ mode::RESULT }> for Result<T, E> {
    type With<U> = Result<U, E>;

    fn with<U>(result: Result<U, E>) -> Result<U, E> {
        result
    }
}

impl<T, E: Clone + Send + Sync + 'static> Around<{ mode::RESULT_SHARED }> for Result<T, E> {
    type With<U> = Result<U, E>;

    fn with<U>(result: Result<U, E>) -> Result<U, E> {
        result
    }
}

/// Whether a failure can say that the length was wrong.
pub trait OfLength<const CAN: bool>: Sized {
    /// That failure, where it can.
    fn of_length(wrong: BatchLengthError) -> Option<Self>;
}

impl<E: From<BatchLengthError>> OfLength<true> for E {
    fn of_length(wrong: BatchLengthError) -> Option<E> {
        Some(E::from(wrong))
    }
}

impl<E> OfLength<false> for E {
    fn of_length(_: BatchLengthError) -> Option<E> {
        None
    }
}

/// Whether an answer may go to another thread.
pub trait Mail<const SEND: bool>: Sized {
    /// The answer on its way.
    type Parcel: Send + 'static;

    /// Sends it, where it may go.
    fn pack(self) -> Option<Self::Parcel>;
    /// Takes it out.
    fn unpack(parcel: Self::Parcel) -> Self;
}

impl<T: Send + 'static> Mail<true> for T {
    type Parcel = T;

    fn pack(self) -> Option<T> {
        Some(self)
    }

    fn unpack(parcel: T) -> T {
        parcel
    }
}

impl<T> Mail<false> for T {
    type Parcel = Never;

    fn pack(self) -> Option<Never> {
        None
    }

    fn unpack(parcel: Never) -> T {
        match parcel {}
    }
}

/// An argument beside the keys, which single loads must have in common to share a run.
#[diagnostic::on_unimplemented(
    message = "a skipped argument of type `{Self}` cannot be told from another's in a batch",
    label = "neither a reference nor an `Arc`",
    note = "single loads share a run of the body only if their skipped arguments are the same object: take it as `&T` or `Arc<T>`"
)]
pub trait Kin: Clone {
    /// The same for the same object.
    fn identity(&self) -> [usize; 2];
}

impl<T: ?Sized> Kin for &T {
    fn identity(&self) -> [usize; 2] {
        [std::ptr::from_ref::<T>(self).addr(), size_of_val::<T>(*self)]
    }
}

impl<T: ?Sized> Kin for Arc<T> {
    fn identity(&self) -> [usize; 2] {
        [Arc::as_ptr(self).addr(), 0]
    }
}

impl<T: ?Sized> Kin for Rc<T> {
    fn identity(&self) -> [usize; 2] {
        [Rc::as_ptr(self).addr(), 0]
    }
}
