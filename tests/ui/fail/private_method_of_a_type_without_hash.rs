use cached_core::memoize;

struct Desk;

impl Desk {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

fn main() {
    Desk.price(7);
    Desk::price_cache();
}
