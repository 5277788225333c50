//! A function beside a type of its name.
use cached_core::memoize;

#[allow(non_camel_case_types)]
struct price {
    id: u32,
}

#[memoize(ttl = 60s)]
async fn price(id: u32) -> u32 {
    id
}

fn main() {
}
