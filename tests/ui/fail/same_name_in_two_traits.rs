//! Methods of one name that a type has from two traits.
use cached_core::memoize;

trait Price {
    fn price(&self, id: u32) -> u32;
}

trait Net {
    fn price(&self, id: u32) -> u32;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

#[memoize]
impl Price for Desk {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

#[memoize]
impl Net for Desk {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id - 1
    }
}

fn main() {
    Price::price(&Desk, 7);
    Net::price(&Desk, 7);
}
