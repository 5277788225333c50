use cached_core::{Memo, memoize};

struct Desk {
    prices: Memo<u32, u64>,
}

impl Desk {
    #[memoize(in = self.prices, scope = global)]
    fn price(&self, id: u32) -> u64 {
        u64::from(id) * 2
    }
}

fn main() {
    Desk { prices: Memo::default() }.price(1);
}
