//! A default method.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(u32);

trait Price: Clone + Eq + std::hash::Hash + Send + Sync + 'static {
    #[memoize]
    fn price(&self, n: u32) -> u32 {
        n + 1
    }
}

impl Price for Desk {}

fn main() {
    let first = Desk(1).price(2);
    assert!(Desk(1).price(2) == first);
    assert_eq!(Desk::price_cache().cache_info().hits, 1);
}
