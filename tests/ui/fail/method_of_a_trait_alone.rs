//! A method in the block of a trait that has no attribute.
use cached_core::memoize;

trait Price {
    fn price(&self, id: u32) -> u32;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Price for Desk {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

fn main() {
    Desk.price(7);
}
