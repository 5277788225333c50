//! A length that is not found is told of once.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Desk {
    #[memoize]
    fn sum(&self, numbers: [u8; LENGTH]) -> u32 {
        1
    }

    #[memoize]
    fn list(&self, id: u32) -> [u8; LENGTH] {
        unreachable!()
    }
}

fn main() {
    Desk.list(1);
}
