//! The companion of a plain function whose key is worked out from its arguments, and has a type that nobody can write down.

#![expect(clippy::too_many_arguments, reason = "a verb has as many as its function")]

use std::fmt;
use std::marker::PhantomData;

use super::verbs::for_each_number;
use crate::engine::note;
use crate::face::{Face, memo_by};
use crate::info::CacheInfo;
use crate::key::ValKey;
use crate::memo::Memo;
use crate::outcome::Outcome;
use crate::site::Site;
use crate::spec::Spec;
use crate::warm::{Warm, WarmUp, Warmed, WarmedKey, Warming};
use crate::written::ToWrite;

/// What an expansion says of such a function, with arguments `A` from which a key of the shape `S` is worked out, that returns `R`.
pub trait KeyedFunction<S, A, R> {
    /// What is kept of `R`.
    type Kept: Clone + Send + Sync + 'static;

    /// What a hit leaves behind for the policy: of a cache without bounds, unless another is said.
    const NOTE: u8 = note::by_policy::PLAIN;

    /// Where its memo is.
    fn place() -> &'static Place;
    /// What is fixed about that: nothing but names, unless more is said.
    fn spec<K: 'static>() -> Spec<K, Self::Kept> {
        Self::place().spec()
    }
    /// What an entry is looked up by, and the arguments, which are given back.
    fn key(args: A) -> (impl ValKey<S>, A);
    /// Runs its body.
    fn run(args: A) -> R;
}

/// Where the memo of such a function is, and what that is called.
#[derive(Debug)]
pub struct Place {
    /// Where it is.
    pub site: Site,
    /// The function's path, which is its name in reports.
    pub path: &'static str,
    /// Its name in cycle reports.
    pub function: &'static str,
    /// Whether the key is a tuple of several parts.
    pub is_tuple: bool,
}

impl Place {
    /// What a site begins as. To copy a constant takes the compiler less than to work it out for each function.
    #[expect(clippy::declare_interior_mutable_const, reason = "what a static begins as")]
    pub const SITE: Site = Site::new();

    fn spec<K, V>(&self) -> Spec<K, V> {
        let spec = Spec::plain(self.path, self.function);
        if self.is_tuple { spec.tuple() } else { spec }
    }
}

/// The companion of the function `F`: how its key is worked out from its arguments `A`, which has the shape `S`, how its return value `R` is kept,
/// and with that all verbs; and how its arguments are lent (`L`), where its expansion does not say that in code.
pub struct KeyedCompanion<F, S, const MODE: u8, A, R, L = ()>(PhantomData<(F, S, A, R, L)>);

impl<F, S, const MODE: u8, A, R, L> fmt::Debug for KeyedCompanion<F, S, MODE, A, R, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedCompanion").finish_non_exhaustive()
    }
}

/// One load ahead of time, with arguments that are lent for it.
pub(super) fn warm_one<F, S, const MODE: u8, A, R>(args: A) -> WarmedKey
where
    F: KeyedFunction<S, A, R>,
    R: Outcome<MODE, Kept = F::Kept>,
{
    let (key, args) = F::key(args);
    KeyedCompanion::<F, S, MODE, A, R>::face(&key).warm(key, |_| F::run(args))
}

impl<F: KeyedFunction<S, A, R>, S, const MODE: u8, A, R> KeyedCompanion<F, S, MODE, A, R> {
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

impl<F: KeyedFunction<S, A, R>, S, const MODE: u8, A, R, L> KeyedCompanion<F, S, MODE, A, R, L> {
    /// The cache itself.
    #[inline]
    pub fn cache() -> &'static Memo<impl Send + Sync + 'static, F::Kept> {
        // As a pointer it lives for ever, whatever the arguments borrow. The site is this function's alone, which is not generic, so
        // that the types of key and value tell its one memo.
        let spec: fn() -> _ = F::spec;
        memo_by::<S, A, _, _, _>(&F::place().site, |args| F::key(args).0, spec)
    }

    /// Counters and size, now.
    pub fn cache_info() -> CacheInfo {
        Self::cache().cache_info()
    }

    /// Sets the counters to zero. Entries stay.
    pub fn reset_info() {
        Self::cache().reset_info();
    }

    /// Forgets everything; the number of fresh entries that were there. Counters stay.
    pub fn clear() -> usize {
        Self::cache().clear()
    }

    #[doc(hidden)]
    pub fn __forget_all() -> usize {
        Self::cache().clear()
    }

    #[inline]
    fn face<U: ValKey<S>>(lookup: &U) -> Face<'static, S, MODE, U::Key, F::Kept> {
        let spec: fn() -> Spec<U::Key, F::Kept> = F::spec;
        Face::for_args(&F::place().site, lookup, spec).noting(const { note::of_hit(F::NOTE) })
    }
}

macro_rules! verbs {
    ($lookup:ty, [$($name:ident: $type:ident),*], $made:pat => $args:expr) => {
        impl<F, S, const MODE: u8, $($type,)* R, L> KeyedCompanion<F, S, MODE, ($($type,)*), R, L>
        where
            F: KeyedFunction<S, ($($type,)*), R>,
            R: Outcome<MODE, Kept = F::Kept>,
        {
            /// A memoized call.
            #[doc(hidden)]
            #[inline]
            pub fn __call($($name: $type),*) -> R {
                let (key, args) = F::key(($($name,)*));
                let (face, run) = (Self::face(&key), |_| F::run(args));
                if const { note::is_plain(F::NOTE) } { face.call_plain_with(key, run) } else { face.call_young(key, run) }
            }

            /// Runs the body now, and puts what it returns in the place of what is there.
            pub fn refresh($($name: $type),*) -> R {
                let (key, args) = F::key(($($name,)*));
                Self::face(&key).refresh(key, |_| F::run(args))
            }

            #[doc(hidden)]
            pub fn __warm($($name: $type),*) -> WarmedKey {
                warm_one::<F, S, MODE, ($($type,)*), R>(($($name,)*))
            }

            /// The body, past the cache.
            #[inline]
            pub fn uncached($($name: $type),*) -> R {
                F::run(($($name,)*))
            }

            /// Forgets one entry; whether there was a fresh one.
            pub fn invalidate($($name: $type),*) -> bool {
                let (key, _) = F::key(($($name,)*));
                Self::face(&key).invalidate(key)
            }

            /// Whether a fresh value is there. Neither counted nor a use.
            pub fn contains($($name: $type),*) -> bool {
                let (key, _) = F::key(($($name,)*));
                Self::face(&key).contains(key)
            }

            /// The value, if a fresh one is there. Neither counted nor a use, and loads nothing.
            pub fn peek($($name: $type),*) -> Option<R::Shown> {
                let (key, _) = F::key(($($name,)*));
                Self::face(&key).peek(key).map(R::show)
            }

            /// Puts a value.
            pub fn insert($($name: $type,)* value: R::Shown) {
                let (key, _) = F::key(($($name,)*));
                Self::face(&key).insert(key, R::keep(value));
            }

            #[doc(hidden)]
            pub fn __memoized($($name: $type),*) -> ToWrite<R::Shown, F::Kept> {
                let (key, _) = F::key(($($name,)*));
                Self::face(&key).to_write_as(key, R::keep)
            }
        }
    };
}

for_each_number!(verbs);
