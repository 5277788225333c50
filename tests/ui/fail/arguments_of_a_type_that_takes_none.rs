//! A type that takes a lifetime, and is given a type.

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Name<'a>(&'a str);

#[memoize]
fn first(of: Option<Name<u8>>) -> u32 {
    1
}

#[memoize]
fn second(of: &Name<u8>) -> u32 {
    1
}

fn main() {}
