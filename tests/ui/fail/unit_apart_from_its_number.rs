//! A number and its unit with a space between them.

use cached_core::memoize;

#[memoize(ttl = 60 s)]
fn first(id: u32) -> u32 {
    id
}

#[memoize(ttl = true)]
fn second(id: u32) -> u32 {
    id
}

fn main() {}
