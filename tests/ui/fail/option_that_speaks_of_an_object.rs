use std::time::Duration;

use cached_core::{Memo, memoize};

struct Store {
    life: Duration,
    most: usize,
    prices: Memo<u32, u32>,
    names: Memo<u32, String>,
}

impl Store {
    #[memoize(in = self.prices, ttl = self.life, max = 100)]
    fn price(&self, id: u32) -> u32 {
        id
    }

    #[memoize(in = self.names, max_weight = self.most as u64, weigher = |_, name| name.len() as u64)]
    fn name(&self, id: u32) -> String {
        format!("{id} of {}", self.most)
    }
}

fn main() {
    let store = Store { life: Duration::ZERO, most: 1, prices: Memo::new(), names: Memo::new() };
    store.price(1);
    store.price_cache().invalidate_if(|id, _| *id == 1);
    store.name(1);
}
