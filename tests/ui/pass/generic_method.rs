//! A generic method.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(u32);

impl Desk {
    #[memoize]
    fn price<T: Into<u32> + Copy + std::hash::Hash + Eq + Send + Sync + 'static>(&self, n: T) -> u32 {
        self.0 + n.into()
    }
}

fn main() {
    let first = Desk(1).price(2_u8);
    assert!(Desk(1).price(2_u8) == first);
    assert_eq!(Desk::price_cache::<u8>().cache_info().hits, 1);
}
