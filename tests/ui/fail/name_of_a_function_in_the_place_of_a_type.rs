//! The function's own name in the place of a type, which its companion would have, and that of another function.

use cached_core::memoize;

fn old() {}

#[memoize]
fn price(of: price) -> u32 {
    1
}

#[memoize]
fn prices(of: Option<&old>) -> u32 {
    1
}

fn main() {}
