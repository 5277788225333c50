use std::cell::Cell;

use cached_core::memoize;

#[memoize(key = Cell::new(id))]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
}
