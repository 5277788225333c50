//! A function that asks for what is not so.

use cached_core::memoize;

#[memoize]
fn price(id: u32) -> u32
where
    String: Copy,
{
    1
}

fn main() {}
