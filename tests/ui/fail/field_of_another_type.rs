use cached_core::{Memo, memoize};

struct Desk {
    prices: Memo<u32, u32>,
}

impl Desk {
    #[memoize(in = self.prices)]
    fn price(&self, name: &str) -> u32 {
        7
    }
}

fn main() {}
