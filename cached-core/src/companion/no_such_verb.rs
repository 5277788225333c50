//! What the verbs of a companion are called elsewhere. There are no such verbs here; who writes `price::cache_clear()` is to be told `clear`,
//! and not the parameters of a type of ours. So there is a constant of that name: a thing that cannot be called, and whose type says what
//! to say: `expected function, found say_clear`.

use super::{CompanionOf, KeyedCompanion};

/// Each load would have to be given it.
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct no_warm_as_what_is_skipped_is_no_reference;

macro_rules! no_such_verbs {
    ($($word:ident: $($name:ident)*;)*) => {
        $(
            /// What to say.
            #[allow(non_camel_case_types)]
            #[derive(Debug)]
            pub struct $word;
        )*
        no_such_verbs!([F, L, S, const MODE: u8, A, R] CompanionOf<F, L, S, MODE, A, R>: $($($name $word)*)*);
        no_such_verbs!([F, S, const MODE: u8, A, R, L] KeyedCompanion<F, S, MODE, A, R, L>: $($($name $word)*)*);
    };
    ([$($param:tt)*] $companion:ty: $($name:ident $word:ident)*) => {
        #[doc(hidden)]
        #[allow(non_upper_case_globals, missing_docs)]
        impl<$($param)*> $companion {
            $(pub const $name: $word = $word;)*
        }
    };
}

no_such_verbs! {
    say_cache_info: cache_parameters cache_stats info len metrics size stats;
    say_call_it: get_or_compute get_or_insert get_or_insert_with get_or_load get_with load try_get_with;
    say_clear: cache_clear clear_cache evict_all flush invalidate_all purge remove_all;
    say_contains: contains_key exists has is_cached;
    say_insert: add cache_set put set store;
    say_invalidate: cache_delete cache_remove delete evict expire forget invalidate_key pop remove;
    say_invalidate_if: invalidate_entries_if remove_if retain;
    say_peek: cache_get get get_if_present lookup;
    say_refresh: prime prime_cache recompute reload;
    say_registry_invalidate_tag: invalidate_tag invalidate_tags;
    say_reset_info: cache_reset reset reset_stats;
    say_uncached: bypass no_cache original;
    say_warm: populate prefetch preload;
}
