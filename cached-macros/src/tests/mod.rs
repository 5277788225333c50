//! The attribute as a function over token streams: what it writes, and that it takes whatever it is given.

use proc_macro2::TokenStream;

mod snapshots;
mod soup;

/// What `#[memoize(args)] item` becomes.
fn expand(args: &str, item: &str) -> TokenStream {
    let parse = |text: &str| text.parse::<TokenStream>().expect("this can be read as tokens");
    crate::expand::memoize(parse(args), &parse(item))
}
