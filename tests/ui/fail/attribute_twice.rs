//! One function, two attributes.
use cached_core::memoize;

#[memoize(ttl = 60s)]
#[memoize(max = 100)]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(7);
}
