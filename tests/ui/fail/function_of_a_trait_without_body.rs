//! A function that a trait declares is told of where it stands, and not once more by whoever asks for its cache.
use cached_core::memoize;

trait Shop {
    #[memoize]
    fn price(&self, id: u32) -> u32;
}

struct Desk;

impl Shop for Desk {
    fn price(&self, id: u32) -> u32 {
        id
    }
}

fn main() {
    Desk.price(1);
    Desk::price_cache().clear();
}
