//! The verbs that take a function's arguments, for every number of them. One argument is looked up by itself, more by their tuple.

#![expect(clippy::too_many_arguments, reason = "a verb has as many as its function")]

use std::future::Future;

use super::{
    AsyncFunction, AsyncOwningCompanion, Awaited, Called, CompanionOf, Function, Memoized, OwningCompanion,
};
use crate::engine::note;
use crate::face::Face;
use crate::key::ValKey;
use crate::outcome::Outcome;
use crate::warm::{Warm, Warmed, WarmedKey, Warming, loaded, warm_async};
use crate::written::ToWrite;

/// What is asked of one entry.
macro_rules! of_entries {
    ($lookup:ty, [$($name:ident: $type:ident),*], $made:pat => $args:expr) => {
        impl<F, L, S, const MODE: u8, $($type,)* R> CompanionOf<F, L, S, MODE, ($($type,)*), R>
        where
            Self: Memoized,
            $lookup: ValKey<S, Key = <Self as Memoized>::Key>,
            R: Outcome<MODE, Kept = <Self as Memoized>::Kept>,
        {
            /// Forgets one entry; whether there was a fresh one.
            pub fn invalidate($($name: $type),*) -> bool {
                Self::__face().invalidate($args)
            }

            /// Whether a fresh value is there. Neither counted nor a use.
            pub fn contains($($name: $type),*) -> bool {
                Self::__face().contains($args)
            }

            /// The value, if a fresh one is there. Neither counted nor a use, and loads nothing.
            pub fn peek($($name: $type),*) -> Option<R::Shown> {
                Self::__face().peek($args).map(R::show)
            }

            #[doc(hidden)]
            pub fn __memoized($($name: $type),*) -> ToWrite<R::Shown, <Self as Memoized>::Kept> {
                Self::__face().to_write_as($args, R::keep)
            }

            /// Puts a value.
            pub fn insert($($name: $type,)* value: R::Shown) {
                Self::__face().insert($args, R::keep(value));
            }
        }
    };
}

/// What may run the body of a function that is called.
macro_rules! of_called {
    ($lookup:ty, [$($name:ident: $type:ident),*], $made:pat => $args:expr) => {
        impl<F, O, S, const MODE: u8, $($type,)* R> CompanionOf<F, Called<O>, S, MODE, ($($type,)*), R>
        where
            F: Function<($($type,)*), R>,
            $lookup: ValKey<S, Key = F::Key>,
            R: Outcome<MODE, Kept = F::Kept>,
        {
            /// A memoized call.
            #[doc(hidden)]
            #[inline]
            pub fn __call($($name: $type),*) -> R {
                let call = const { Face::calls::<$lookup, R>(F::NOTE) };
                call(Face::noted(F::memo(), const { note::of_hit(F::NOTE) }), $args, Self::__run)
            }

            fn __run($made: $lookup) -> R {
                F::run(($($name,)*))
            }

            /// Runs the body now, and puts what it returns in the place of what is there.
            pub fn refresh($($name: $type),*) -> R {
                Self::__face().refresh($args, |$made: $lookup| F::run(($($name,)*)))
            }

            #[doc(hidden)]
            pub fn __warm($($name: $type),*) -> WarmedKey {
                Self::__face().warm($args, |$made: $lookup| F::run(($($name,)*)))
            }

            /// The body, past the cache.
            #[inline]
            pub fn uncached($($name: $type),*) -> R {
                F::run(($($name,)*))
            }
        }

        impl<F, S, const MODE: u8, $($type,)* R> OwningCompanion<F, S, MODE, ($($type,)*), R>
        where
            F: Function<($($type,)*), R>,
            $lookup: ValKey<S, Key = F::Key>,
            R: Outcome<MODE, Kept = F::Kept>,
        {
            /// Loads the keys that have no fresh value, ahead of their first call, one after the other: for each of them the
            /// arguments. The number of loads that brought a value. These count as loads and not as misses.
            pub fn warm(keys: impl IntoIterator<Item = $lookup>) -> usize {
                Warming::new(keys, (), |(), $made: $lookup| Self::__warm($($name),*)).run_here(&Warm::new()).loaded
            }

            /// The same, several keys at a time and with a report of progress, as [`Warm`] says.
            pub fn warm_with(keys: impl IntoIterator<Item = $lookup>, how: Warm<'_>) -> Warmed
            where
                $lookup: Send,
            {
                Warming::new(keys, (), |(), $made: $lookup| Self::__warm($($name),*)).run(how)
            }
        }
    };
}

/// What may run the body of a function that is awaited.
macro_rules! of_awaited {
    ($lookup:ty, [$($name:ident: $type:ident),*], $made:pat => $args:expr) => {
        impl<F, O, S, const MODE: u8, $($type,)* R> CompanionOf<F, Awaited<O>, S, MODE, ($($type,)*), R>
        where
            F: AsyncFunction<($($type,)*), R>,
            $lookup: ValKey<S, Key = F::Key>,
            R: Outcome<MODE, Kept = F::Kept>,
        {
            /// Runs the body now, and puts what it returns in the place of what is there.
            pub fn refresh($($name: $type),*) -> impl Future<Output = R> {
                F::refresh(($($name,)*))
            }

            #[doc(hidden)]
            pub fn __warm($($name: $type),*) -> impl Future<Output = WarmedKey> {
                Self::__face().warm_here($args, |$made: $lookup| F::run(($($name,)*)))
            }

            /// The body, past the cache.
            #[inline]
            pub fn uncached($($name: $type),*) -> impl Future<Output = R> {
                F::run(($($name,)*))
            }
        }

        impl<F, S, const MODE: u8, $($type,)* R> AsyncOwningCompanion<F, S, MODE, ($($type,)*), R>
        where
            F: AsyncFunction<($($type,)*), R>,
            $lookup: ValKey<S, Key = F::Key>,
            R: Outcome<MODE, Kept = F::Kept>,
        {
            /// Loads the keys that have no fresh value, ahead of their first call, one after the other: for each of them the
            /// arguments. The number of loads that brought a value. These count as loads and not as misses.
            pub fn warm(keys: impl IntoIterator<Item = $lookup>) -> impl Future<Output = usize> {
                loaded(Self::warm_with(keys, Warm::new()))
            }

            /// The same, several keys at a time and with a report of progress, as [`Warm`] says.
            pub fn warm_with(
                keys: impl IntoIterator<Item = $lookup>,
                how: Warm<'_>,
            ) -> impl Future<Output = Warmed> {
                warm_async(keys, how, |$made: $lookup| Self::__warm($($name),*))
            }
        }
    };
}

/// Writes down verbs for every number of arguments.
macro_rules! for_each_number {
    ($verbs:ident) => {
        $verbs!((), [], () => ());
        $verbs!(A0, [a0: A0], a0 => a0);
        for_each_number!(@grow $verbs [a0: A0] a1: A1 a2: A2 a3: A3 a4: A4 a5: A5 a6: A6 a7: A7 a8: A8 a9: A9 a10: A10
            a11: A11 a12: A12 a13: A13 a14: A14 a15: A15);
    };
    (@grow $verbs:ident [$($done:ident: $done_type:ident),+]) => {};
    (@grow $verbs:ident [$($done:ident: $done_type:ident),+] $name:ident: $type:ident $($rest:tt)*) => {
        $verbs!(
            ($($done_type,)+ $type),
            [$($done: $done_type,)+ $name: $type],
            ($($done,)+ $name) => ($($done,)+ $name)
        );
        for_each_number!(@grow $verbs [$($done: $done_type,)+ $name: $type] $($rest)*);
    };
}

pub(crate) use for_each_number;

for_each_number!(of_entries);
for_each_number!(of_called);
for_each_number!(of_awaited);
