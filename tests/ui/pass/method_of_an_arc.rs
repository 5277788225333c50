//! A method of an `Arc`.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(u32);

impl Desk {
    #[memoize]
    fn price(self: std::sync::Arc<Self>, n: u32) -> u32 {
        self.0 + n
    }
}

fn main() {
    let first = std::sync::Arc::new(Desk(1)).price(2);
    assert!(std::sync::Arc::new(Desk(1)).price(2) == first);
    assert_eq!(Desk::price_cache().cache_info().hits, 1);
}
