//! A default method of a trait whose implementors need not be fit for a key.
use cached_core::memoize;

trait Price {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

impl Price for u8 {}

fn main() {
    7_u8.price(7);
}
