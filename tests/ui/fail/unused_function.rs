#![deny(dead_code, unused_must_use, unused_variables)]

use cached_core::memoize;

#[memoize]
fn price(id: u32) -> u32 {
    id
}

#[memoize]
#[must_use]
fn rate(id: u32, unused: u8) -> u32 {
    id
}

fn main() {
    rate(1, 2);
}
