//! A block in which no function is marked, and a verb of one that was meant.
use cached_core::memoize;

struct Shop;

#[memoize]
impl Shop {
    fn price(&self, id: u32) -> u32 {
        id
    }
}

fn main() {
    Shop::price_cache().clear();
    Shop.price_warm([1]);
}
