//! A method that takes `self` by value.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(u32);

impl Desk {
    #[memoize]
    pub fn price(self, n: u32) -> u32 {
        self.0 + n
    }
}

fn main() {
    let first = Desk(1).price(2);
    assert!(Desk(1).price(2) == first);
    assert_eq!(Desk::price_cache().cache_info().hits, 1);
}
