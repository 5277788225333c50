//! What is marked in a block and is no function: the functions beside it are not told of.

use cached_core::memoize;

struct Desk;

#[memoize]
impl Desk {
    #[memoize]
    const FEE: u32 = 5;

    #[memoize]
    fn price(id: u32) -> u32 {
        id + Self::FEE
    }
}

fn main() {
    Desk::price(1);
}
