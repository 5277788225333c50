//! A semicolon behind a function of a block, which the compiler speaks of, leaves the others what they are.
use cached_core::memoize;

struct Desk;

#[memoize]
impl Desk {
    #[memoize]
    fn price(id: u32) -> u32 {
        id
    };

    #[memoize]
    fn other(id: u32) -> u32 {
        id
    }
}

fn main() {
    Desk::price(1);
    Desk::price_cache().clear();
    Desk::other_cache().clear();
}
