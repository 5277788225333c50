//! The verbs of a plain function: `price::invalidate(7, "EUR")`. Its expansion names one type, a [`CompanionOf`], with the
//! types of its arguments; the verbs are written down here, once for every number of arguments. So a crate pays for those
//! it uses, not for what each of its functions offers.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;

use crate::engine::note;
use crate::face::Face;
use crate::info::CacheInfo;
use crate::memo::Memo;
use crate::warm::{AsyncWarmUp, Warm, WarmUp, Warmed, Warming, loaded, warm_async};

mod keyed;
mod lent;
pub mod no_such_verb;
mod verbs;

pub use keyed::{KeyedCompanion, KeyedFunction, Place};
pub(crate) use lent::LendAll;
pub use lent::{Given, Lending, List, Text, Whole};
pub(crate) use verbs::for_each_number;

/// What an expansion says of a plain function with the arguments `A` that returns `R`.
pub trait Function<A, R> {
    /// What an entry is found by.
    type Key: Clone + Send + Sync + 'static;
    /// What is kept of `R`.
    type Kept: Clone + Send + Sync + 'static;

    /// What a hit leaves behind for the policy: of a cache without bounds, unless another is said.
    const NOTE: u8 = note::by_policy::PLAIN;

    /// The function's memo.
    fn memo() -> &'static Memo<Self::Key, Self::Kept>;
    /// Runs its body.
    fn run(args: A) -> R;
}

/// The same of an asynchronous function. None of its types speaks of `'static`: of what a trait has for that lifetime alone the compiler
/// does not find out, in a task, whether it can be sent.
pub trait AsyncFunction<A, R> {
    /// See [`Function::Key`].
    type Key: Clone + Send + Sync + 'static;
    /// See [`Function::Kept`].
    type Kept: Clone + Send + Sync + 'static;

    /// See [`Function::NOTE`].
    const NOTE: u8 = note::by_policy::PLAIN;

    /// The function's memo.
    fn memo() -> &'static Memo<Self::Key, Self::Kept>;
    /// Its body.
    fn run(args: A) -> impl Future<Output = R>;
    /// `refresh`: where the body is known, it is known who can drive it.
    fn refresh(args: A) -> impl Future<Output = R>;
}

/// The companion of the function `F`: how that is run, the shape `S` of its arguments `A`, how its return value `R` is kept, and with that
/// all verbs.
pub struct CompanionOf<F, L, S, const MODE: u8, A, R>(PhantomData<(F, L, S, A, R)>);

/// That of a function that is called, and may be lent its arguments.
pub type Companion<F, S, const MODE: u8, A, R> = CompanionOf<F, Called<Borrowing>, S, MODE, A, R>;
/// That of a function that is called, and owns all its arguments.
pub type OwningCompanion<F, S, const MODE: u8, A, R> = CompanionOf<F, Called<Owning>, S, MODE, A, R>;
/// That of a function that is awaited, and may be lent its arguments.
pub type AsyncCompanion<F, S, const MODE: u8, A, R> = CompanionOf<F, Awaited<Borrowing>, S, MODE, A, R>;
/// That of a function that is awaited, and owns all its arguments.
pub type AsyncOwningCompanion<F, S, const MODE: u8, A, R> = CompanionOf<F, Awaited<Owning>, S, MODE, A, R>;

/// How a function is run that is called.
#[derive(Debug)]
pub struct Called<O>(PhantomData<O>);

/// How a function is run that is awaited.
#[derive(Debug)]
pub struct Awaited<O>(PhantomData<O>);

/// Arguments may be lent.
#[derive(Debug)]
pub struct Borrowing;

/// All arguments are owned.
#[derive(Debug)]
pub struct Owning;

/// What all verbs of a companion are about.
pub trait Memoized {
    /// See [`Function::Key`].
    type Key: Clone + Send + Sync + 'static;
    /// See [`Function::Kept`].
    type Kept: Clone + Send + Sync + 'static;
    /// See [`Function::NOTE`].
    const NOTE: u8;

    /// The function's memo.
    fn memo() -> &'static Memo<Self::Key, Self::Kept>;
}

impl<F: Function<A, R>, O, S, const MODE: u8, A, R> Memoized for CompanionOf<F, Called<O>, S, MODE, A, R> {
    type Key = F::Key;
    type Kept = F::Kept;
    const NOTE: u8 = F::NOTE;

    #[inline]
    fn memo() -> &'static Memo<F::Key, F::Kept> {
        F::memo()
    }
}

impl<F: AsyncFunction<A, R>, O, S, const MODE: u8, A, R> Memoized
    for CompanionOf<F, Awaited<O>, S, MODE, A, R>
{
    type Key = F::Key;
    type Kept = F::Kept;
    const NOTE: u8 = F::NOTE;

    #[inline]
    fn memo() -> &'static Memo<F::Key, F::Kept> {
        F::memo()
    }
}

impl<F, L, S, const MODE: u8, A, R> fmt::Debug for CompanionOf<F, L, S, MODE, A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompanionOf").finish_non_exhaustive()
    }
}

impl<F, L, S, const MODE: u8, A, R> CompanionOf<F, L, S, MODE, A, R>
where
    Self: Memoized,
{
    /// The cache itself: the same verbs, by key.
    #[inline]
    pub fn cache() -> &'static Memo<<Self as Memoized>::Key, <Self as Memoized>::Kept> {
        Self::memo()
    }

    /// Counters and size, now.
    pub fn cache_info() -> CacheInfo {
        Self::memo().cache_info()
    }

    /// Sets the counters to zero. Entries stay.
    pub fn reset_info() {
        Self::memo().reset_info();
    }

    /// Forgets everything; the number of fresh entries that were there. Counters stay.
    pub fn clear() -> usize {
        Self::memo().clear()
    }

    /// Forgets the entries for which `matches` says so; how many there were. Looks at every entry.
    pub fn invalidate_if(
        matches: impl FnMut(&<Self as Memoized>::Key, &<Self as Memoized>::Kept) -> bool,
    ) -> usize {
        Self::memo().invalidate_if(matches)
    }

    #[doc(hidden)]
    pub fn __forget_all() -> usize {
        Self::memo().clear()
    }

    #[doc(hidden)]
    #[inline]
    pub fn __face() -> Face<'static, S, MODE, <Self as Memoized>::Key, <Self as Memoized>::Kept> {
        Face::noted(Self::memo(), const { note::of_hit(Self::NOTE) })
    }
}

impl<F: Function<A, R>, S, const MODE: u8, A, R> Companion<F, S, MODE, A, R> {
    /// Loads the keys that have no fresh value, ahead of their first call, one after the other: for each of them the owned
    /// arguments. The number of loads that brought a value. These count as loads and not as misses.
    pub fn warm(keys: impl IntoIterator<Item = F::Item>) -> usize
    where
        F: WarmUp<A>,
    {
        Warming::new(keys, (), |(), item| F::warm_up::<true>(item)).run_here(&Warm::new()).loaded
    }

    /// The same, several keys at a time and with a report of progress, as [`Warm`] says.
    pub fn warm_with(keys: impl IntoIterator<Item = F::Item>, how: Warm<'_>) -> Warmed
    where
        F: WarmUp<A>,
        F::Item: Send,
    {
        Warming::new(keys, (), |(), item| F::warm_up::<true>(item)).run(how)
    }
}

impl<F: AsyncFunction<A, R>, S, const MODE: u8, A, R> AsyncCompanion<F, S, MODE, A, R> {
    /// Loads the keys that have no fresh value, ahead of their first call, one after the other: for each of them the owned
    /// arguments. The number of loads that brought a value. These count as loads and not as misses.
    pub fn warm(keys: impl IntoIterator<Item = F::Item>) -> impl Future<Output = usize>
    where
        F: AsyncWarmUp<A>,
    {
        loaded(warm_async(keys, Warm::new(), F::warm_up::<true>))
    }

    /// The same, several keys at a time and with a report of progress, as [`Warm`] says.
    pub fn warm_with(keys: impl IntoIterator<Item = F::Item>, how: Warm<'_>) -> impl Future<Output = Warmed>
    where
        F: AsyncWarmUp<A>,
    {
        warm_async(keys, how, F::warm_up::<true>)
    }
}
