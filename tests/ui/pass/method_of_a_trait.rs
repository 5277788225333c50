//! A method of a trait.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(u32);

trait Price {
    fn price(&self, n: u32) -> u32;
}

#[memoize]
impl Price for Desk {
    #[memoize]
    fn price(&self, n: u32) -> u32 {
        self.0 + n
    }
}

fn main() {
    let first = Desk(1).price(2);
    assert!(Desk(1).price(2) == first);
    assert_eq!(Desk::price_cache().cache_info().hits, 1);
}
