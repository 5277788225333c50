//! Loads ahead of time where it is seen what owns each argument: the companion says so with a word for each, and nothing
//! has to be written beside the function that lends them.

use std::marker::PhantomData;

use super::keyed::{KeyedCompanion, KeyedFunction, warm_one};
use crate::outcome::Outcome;
use crate::warm::{Warm, Warmed, WarmedKey, Warming};

/// An argument that is given as it is.
#[derive(Debug)]
pub struct Given;

/// A text: a `String` is lent.
#[derive(Debug)]
pub struct Text;

/// A list: a `Vec` is lent.
#[derive(Debug)]
pub struct List;

/// A reference to what has a size: it itself is lent.
#[derive(Debug)]
pub struct Whole;

/// How an argument of type `A` is lent.
pub trait Lend<A> {
    /// What owns it.
    type Owned;
    /// The argument, for as long as it is lent.
    type Arg<'x>;

    /// Lends it, or gives it away.
    fn lend(owned: &mut Option<Self::Owned>) -> Self::Arg<'_>;
}

/// What a place holds that was filled and is emptied once.
const HELD: &str = "an argument is lent once";

impl<A> Lend<A> for Given {
    type Owned = A;
    type Arg<'x> = A;

    fn lend(owned: &mut Option<A>) -> A {
        owned.take().expect(HELD)
    }
}

impl Lend<&str> for Text {
    type Owned = String;
    type Arg<'x> = &'x str;

    fn lend(owned: &mut Option<String>) -> &str {
        owned.as_deref().expect(HELD)
    }
}

impl<T: 'static> Lend<&[T]> for List {
    type Owned = Vec<T>;
    type Arg<'x> = &'x [T];

    fn lend(owned: &mut Option<Vec<T>>) -> &[T] {
        owned.as_deref().expect(HELD)
    }
}

impl<T: 'static> Lend<&T> for Whole {
    type Owned = T;
    type Arg<'x> = &'x T;

    fn lend(owned: &mut Option<T>) -> &T {
        owned.as_ref().expect(HELD)
    }
}

/// How all arguments `A` of a function are lent.
pub trait LendAll<A> {
    /// What owns them: one by itself, several as a tuple.
    type Item;
    /// Places from which they are lent.
    type Held;
    /// The arguments, for as long as they are lent.
    type Args<'x>;

    /// Takes what is to be lent.
    fn hold(item: Self::Item) -> Self::Held;
    /// Lends it.
    fn lend(held: &mut Self::Held) -> Self::Args<'_>;
}

macro_rules! lend_all {
    ([$($held:ident: $lend:ident of $type:ident),+], $item:ty, $made:pat) => {
        impl<$($type, $lend: Lend<$type>),+> LendAll<($($type,)+)> for ($($lend,)+) {
            type Item = $item;
            type Held = ($(Option<$lend::Owned>,)+);
            type Args<'x> = ($($lend::Arg<'x>,)+);

            fn hold($made: Self::Item) -> Self::Held {
                ($(Some($held),)+)
            }

            fn lend(($($held,)+): &mut Self::Held) -> Self::Args<'_> {
                ($($lend::lend($held),)+)
            }
        }
    };
}

/// Says it for every number of arguments.
macro_rules! for_each_number {
    () => {
        lend_all!([a0: L0 of A0], L0::Owned, a0);
        for_each_number!(@grow [a0: L0 of A0] a1: L1 of A1, a2: L2 of A2, a3: L3 of A3, a4: L4 of A4, a5: L5 of A5,
            a6: L6 of A6, a7: L7 of A7, a8: L8 of A8, a9: L9 of A9, a10: L10 of A10, a11: L11 of A11, a12: L12 of A12,
            a13: L13 of A13, a14: L14 of A14, a15: L15 of A15,);
    };
    (@grow [$($done:tt)+]) => {};
    (@grow [$($held:ident: $lend:ident of $type:ident),+] $new:ident: $new_lend:ident of $new_type:ident, $($rest:tt)*) => {
        lend_all!(
            [$($held: $lend of $type,)+ $new: $new_lend of $new_type],
            ($($lend::Owned,)+ $new_lend::Owned),
            ($($held,)+ $new)
        );
        for_each_number!(@grow [$($held: $lend of $type,)+ $new: $new_lend of $new_type] $($rest)*);
    };
}
for_each_number!();

/// What a companion is told where its arguments are lent as `L` says.
#[derive(Debug)]
pub struct Lending<L>(PhantomData<L>);

impl<F, S, const MODE: u8, A, R, L> KeyedCompanion<F, S, MODE, A, R, Lending<L>>
where
    L: LendAll<A>,
    F: for<'x> KeyedFunction<S, L::Args<'x>, R, Kept = R::Kept>,
    R: Outcome<MODE>,
{
    /// Loads the keys that have no fresh value, ahead of their first call, one after the other: for each of them the owned
    /// arguments. The number of loads that brought a value. These count as loads and not as misses.
    pub fn warm(keys: impl IntoIterator<Item = L::Item>) -> usize {
        Warming::new(keys, (), |(), item| Self::warm_up(item)).run_here(&Warm::new()).loaded
    }

    /// The same, several keys at a time and with a report of progress, as [`Warm`] says.
    pub fn warm_with(keys: impl IntoIterator<Item = L::Item>, how: Warm<'_>) -> Warmed
    where
        L::Item: Send,
    {
        Warming::new(keys, (), |(), item| Self::warm_up(item)).run(how)
    }

    fn warm_up(item: L::Item) -> WarmedKey {
        let mut held = L::hold(item);
        warm_one::<F, S, MODE, _, R>(L::lend(&mut held))
    }
}
