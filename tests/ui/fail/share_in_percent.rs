//! A share of a whole is no percentage.
use cached_core::memoize;

#[memoize(ttl = 60s, jitter = 10%)]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
}
