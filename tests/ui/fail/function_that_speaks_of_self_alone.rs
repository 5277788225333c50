use cached_core::memoize;

struct Desk;

impl Desk {
    const RATE: u32 = 2;

    #[memoize]
    fn price(id: u32) -> u32 {
        id * Self::RATE
    }
}

fn main() {
    Desk::price(7);
}
