//! Of a head that the compiler mends for itself it speaks once, and nothing else is said: neither of the verbs, nor of the other
//! functions of the block.
use cached_core::memoize;

#[memoize(max = 10)]
pub fn price(id u32, town: &str) -> Option<u32> {
    (town != "").then_some(1)
}

struct Desk;

#[memoize]
impl Desk {
    #[memoize]
    fn open(at: u8) -> u8 {
        at
    }

    #[memoize(skip(self))]
    fn price(&self, id: u32 = 1) -> u32 {
        id
    }
}

fn main() {
    price(1, "a");
    price::invalidate(1, "a");
    assert_eq!(price::cache_info().hits, 0);
    Desk::open(1);
    Desk::open_cache().clear();
    Desk.price(1);
    Desk::price_cache().clear();
}
