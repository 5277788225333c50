//! The handle outlives the borrow, and a clone of the object would have a cache of its own.

use cached_core::{Memo, memoize};

#[derive(Default)]
struct Desk {
    prices: Memo<u32, u32>,
}

impl Desk {
    #[memoize(lazy, in = self.prices)]
    fn price(&self, id: u32) -> u32 {
        id * 2
    }
}

fn main() {
    println!("{}", Desk::default().price(1).force());
}
