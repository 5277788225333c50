use cached_core::memoize;

struct Shop;

impl Shop {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

fn main() {
    Shop.price(1);
}
