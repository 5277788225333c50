//! The attributes of `cached-core`. Depend on that crate, which re-exports them, and not on this one.
//!
//! The way of an item through here: `item` reads it without looking into the body, `options` reads the
//! attribute's arguments, `check` says all that is wrong at once, `model` is what is left to expand, and
//! `expand` writes it. Where something is wrong, `expand::fallback` emits the function and the shape of its
//! companion beside the errors, so that one mistake gives one error.

use proc_macro::TokenStream;

mod advice;
mod age;
mod aliases;
mod alone;
mod batch;
mod block;
mod check;
mod closures;
mod conditional;
mod diag;
mod duration;
mod elided;
mod expand;
mod fit;
mod formatted;
mod generics;
mod hidden;
mod instance;
mod item;
mod key;
mod lacks;
mod late;
mod laziness;
mod lifetimes;
mod model;
mod options;
mod patterns;
mod recursion;
mod scope;
mod selves;
mod shape;
mod sources;
mod suggest;
mod tags;
#[cfg(test)]
mod tests;
mod told;
mod types;
mod unknown;
mod unsized_types;
mod used_up;
mod values;
mod weight;
mod writers;

/// Memoizes a function: calls with equal arguments run its body once.
#[proc_macro_attribute]
pub fn memoize(args: TokenStream, item: TokenStream) -> TokenStream {
    sources::begin();
    expand::memoize(args.into(), &item.into()).into()
}

/// Forgets what a function has made old.
#[proc_macro_attribute]
pub fn invalidates(args: TokenStream, item: TokenStream) -> TokenStream {
    sources::begin();
    expand::writers::expand(writers::Kind::Invalidates, args.into(), &item.into()).into()
}

/// Stores what a function has made.
#[proc_macro_attribute]
pub fn updates(args: TokenStream, item: TokenStream) -> TokenStream {
    sources::begin();
    expand::writers::expand(writers::Kind::Updates, args.into(), &item.into()).into()
}
