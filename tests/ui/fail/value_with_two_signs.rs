//! `==` and `=>` for `=`.

use cached_core::memoize;

#[memoize(max == 10)]
fn price(id: u32) -> u32 {
    id
}

#[memoize(ttl => 60s, max = 10)]
fn cost(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
    cost(1);
}
