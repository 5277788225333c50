//! A memo for a field is made by `Memo::new`, also where nothing but a constant can be.
use cached_core::{Memo, memoize};

struct Desk {
    fee: u32,
    prices: Memo<u32, u32>,
}

impl Desk {
    const fn new(fee: u32) -> Self {
        Self { fee, prices: Memo::new() }
    }

    #[memoize(in = self.prices)]
    fn price(&self, id: u32) -> u32 {
        self.fee + id
    }
}

static FIRST: Desk = Desk::new(1);

fn main() {
    let second = Desk::new(2);
    assert_eq!((FIRST.price(1), second.price(1)), (2, 3));
    assert_eq!((FIRST.price(1), second.price(1)), (2, 3));
    assert_eq!(FIRST.prices.cache_info().hits, 1);
}
