//! A method that takes its instance along leaves no cache behind.
use cached_core::{Memo, memoize};

struct Desk {
    prices: Memo<u32, u32>,
}

impl Desk {
    #[memoize(in = self.prices)]
    fn price(self, id: u32) -> u32 {
        id
    }
}

fn main() {
    Desk { prices: Memo::new() }.price(1);
}
