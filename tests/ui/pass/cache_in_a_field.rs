//! A cache in a field.
use cached_core::memoize;

use cached_core::Memo;

#[derive(Default)]
struct Desk {
    prices: Memo<(u32, String), u32>,
}

impl Desk {
    #[memoize(in = self.prices, max = 10)]
    fn price(&self, n: u32, currency: &str) -> u32 {
        n + currency.len() as u32
    }
}

fn main() {
    let desk = Desk::default();
    assert_eq!((desk.price(1, "EUR"), desk.price(1, "EUR")), (4, 4));
    assert_eq!(desk.prices.cache_info().hits, 1);
    assert!(desk.price_cache().invalidate(&(1, "EUR".to_owned())));
}
