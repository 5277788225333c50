//! The verbs of a plain function: `price::invalidate(7, "EUR")`. Its expansion names one type, [`Companion`], with the
//! types of its arguments; the verbs are written down here, once for every number of arguments. So a crate pays for those
//! it uses, not for what each of its functions offers.

#![expect(clippy::too_many_arguments, reason = "a verb has as many as its function")]

use std::fmt;
use std::marker::PhantomData;

use crate::engine::note;
use crate::face::Face;
use crate::info::CacheInfo;
use crate::key::ValKey;
use crate::memo::Memo;
use crate::outcome::Outcome;
use crate::warm::{Warm, WarmUp, Warmed, WarmedKey, Warming};
use crate::written::{Forget, Put};

/// What an expansion says of a plain function with the arguments `A` that returns `R`.
pub trait Function<A, R> {
    /// What an entry is found by.
    type Key: Clone + Send + Sync + 'static;
    /// What is kept of `R`.
    type Kept: Clone + Send + Sync + 'static;

    /// What a hit leaves behind for the policy.
    const NOTE: u8 = note::UNKNOWN;

    /// The function's memo.
    fn memo() -> &'static Memo<Self::Key, Self::Kept>;
    /// Runs its body.
    fn run(args: A) -> R;
}

/// The companion of the function `F`: the shape `S` of its arguments `A`, how its return value `R` is kept, and with that
/// all verbs.
pub struct Companion<F, S, const MODE: u8, A, R>(PhantomData<(F, S, A, R)>);

impl<F, S, const MODE: u8, A, R> fmt::Debug for Companion<F, S, MODE, A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Companion").finish_non_exhaustive()
    }
}

impl<F: Function<A, R>, S, const MODE: u8, A, R> Companion<F, S, MODE, A, R> {
    /// The cache itself: the same verbs, by key.
    #[inline]
    pub fn cache() -> &'static Memo<F::Key, F::Kept> {
        F::memo()
    }

    /// Counters and size, now.
    pub fn cache_info() -> CacheInfo {
        F::memo().cache_info()
    }

    /// Sets the counters to zero. Entries stay.
    pub fn reset_info() {
        F::memo().reset_info();
    }

    /// Forgets everything; the number of fresh entries that were there. Counters stay.
    pub fn clear() -> usize {
        F::memo().clear()
    }

    /// Forgets the entries for which `matches` says so; how many there were. Looks at every entry.
    pub fn invalidate_if(matches: impl FnMut(&F::Key, &F::Kept) -> bool) -> usize {
        F::memo().invalidate_if(matches)
    }

    #[doc(hidden)]
    pub fn __forget_all() -> usize {
        F::memo().clear()
    }

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

    #[inline]
    fn face() -> Face<'static, S, MODE, F::Key, F::Kept> {
        Face::new(F::memo()).noting(F::NOTE)
    }
}

/// The verbs of functions with so many arguments. One argument is looked up by itself, more by their tuple.
macro_rules! verbs {
    ($lookup:ty, [$($name:ident: $type:ident),*], $made:pat => $args:expr) => {
        impl<F, S, const MODE: u8, $($type,)* R> Companion<F, S, MODE, ($($type,)*), R>
        where
            F: Function<($($type,)*), R>,
            $lookup: ValKey<S, Key = F::Key>,
            R: Outcome<MODE, Kept = F::Kept>,
        {
            /// A memoized call.
            #[doc(hidden)]
            #[inline]
            pub fn __call($($name: $type),*) -> R {
                Self::face().call($args, |$made: $lookup| F::run(($($name,)*)))
            }

            /// Runs the body now, and puts what it returns in the place of what is there.
            pub fn refresh($($name: $type),*) -> R {
                Self::face().refresh($args, |$made: $lookup| F::run(($($name,)*)))
            }

            #[doc(hidden)]
            pub fn __warm($($name: $type),*) -> WarmedKey {
                Self::face().warm($args, |$made: $lookup| F::run(($($name,)*)))
            }

            /// The body, past the cache.
            #[inline]
            pub fn uncached($($name: $type),*) -> R {
                F::run(($($name,)*))
            }

            /// Forgets one entry; whether there was a fresh one.
            pub fn invalidate($($name: $type),*) -> bool {
                Self::face().invalidate($args)
            }

            /// Whether a fresh value is there. Neither counted nor a use.
            pub fn contains($($name: $type),*) -> bool {
                Self::face().contains($args)
            }

            /// The value, if a fresh one is there. Neither counted nor a use, and loads nothing.
            pub fn peek($($name: $type),*) -> Option<R::Shown> {
                Self::face().peek($args).map(R::show)
            }

            #[doc(hidden)]
            pub fn __to_forget($($name: $type),*) -> Forget {
                Self::face().to_forget($args)
            }

            #[doc(hidden)]
            pub fn __to_put($($name: $type),*) -> Put<R::Shown, F::Kept> {
                Self::face().to_put_as($args, R::keep)
            }

            /// Puts a value.
            pub fn insert($($name: $type,)* value: R::Shown) {
                Self::face().insert($args, R::keep(value));
            }
        }
    };
}

macro_rules! verbs_of_many {
    (@grow [$($done:ident: $done_type:ident),+]) => {};
    (@grow [$($done:ident: $done_type:ident),+] $name:ident: $type:ident $($rest:tt)*) => {
        verbs!(
            ($($done_type,)+ $type),
            [$($done: $done_type,)+ $name: $type],
            ($($done,)+ $name) => ($($done,)+ $name)
        );
        verbs_of_many!(@grow [$($done: $done_type,)+ $name: $type] $($rest)*);
    };
}

verbs!((), [], () => ());
verbs!(A0, [a0: A0], a0 => a0);
verbs_of_many!(@grow [a0: A0] a1: A1 a2: A2 a3: A3 a4: A4 a5: A5 a6: A6 a7: A7 a8: A8 a9: A9 a10: A10 a11: A11 a12: A12
    a13: A13 a14: A14 a15: A15);
