//! The compiler points at the type that is returned, and not at the attribute.

use cached_core::memoize;

struct Desk;

trait Price {
    fn price(id: u32) -> u32;
}

#[memoize]
impl Price for Desk {
    #[memoize(lazy)]
    fn price(id: u32) -> u32 {
        id
    }
}

fn main() {}
