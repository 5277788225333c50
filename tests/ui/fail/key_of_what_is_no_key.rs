//! An expression for the key whose value cannot be part of one.
use cached_core::memoize;

struct Query(u32);

#[memoize(key = Query(id))]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(7);
}
