//! A constant of a block whose semicolon is missing does not take the function behind it along.
use cached_core::memoize;

struct Desk;

#[memoize]
impl Desk {
    const FEE: u32 = 5
    #[memoize]
    fn price(id: u32) -> u32 {
        id + Self::FEE
    }
}

fn main() {
    Desk::price(1);
    Desk::price_cache().clear();
}
