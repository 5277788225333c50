//! The function and its companion travel together through `use`.
use cached_core::memoize;

mod prices {
    use super::memoize;

    #[memoize]
    pub fn price(id: u32) -> u32 {
        id
    }

    pub(crate) mod deep {
        #[super::memoize]
        pub(in crate::prices) fn hidden(id: u32) -> u32 {
            id
        }
    }

    pub fn through() -> bool {
        deep::hidden(1);
        deep::hidden::invalidate(1)
    }
}

use prices::price;

fn main() {
    price(1);
    assert_eq!(price::cache_info().misses, 1);
    assert!(prices::through());
}
