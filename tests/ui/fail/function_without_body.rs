use cached_core::memoize;

trait Shop {
    #[memoize]
    fn price(id: u32) -> u32;
}

fn main() {}
