//! Options of a function on its block, and no function that is marked.
use cached_core::memoize;

struct Shop;

#[memoize(ttl = 60s)]
impl Shop {
    fn price(id: u32) -> u32 {
        id
    }
}

fn main() {
    Shop::price(1);
}
