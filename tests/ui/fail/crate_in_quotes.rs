//! The library's path in quotes.

use cached_core::memoize;

#[memoize(crate = "cached_core")]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
}
