//! Two functions of one name.
use cached_core::memoize;

#[memoize]
fn price(id: u32) -> u32 {
    id
}

#[memoize]
fn price(id: u32) -> u32 {
    id + 1
}

fn main() {}
