//! Who passes a closure is told nothing of its types.
use cached_core::memoize;

struct Desk;

impl Desk {
    #[memoize(skip(self))]
    fn price(&self, change: impl Fn(u32) -> u32) -> u32 {
        change(1)
    }
}

fn main() {
    Desk.price(|price| price + 1);
    Desk.price_uncached(|price| price + 1);
    Desk::price_cache().clear();
}
