//! Of what is left of a mistake among the options nothing more is said, and not what the options after it lack.

use cached_core::{Memo, memoize};

#[memoize(ttl = 60s, max = , 10_000, policy = lru)]
fn price(id: u32) -> u32 {
    id
}

#[memoize(ttl = 60s, & max = 100, policy = lru, jitter = 0.1)]
fn cost(id: u32) -> u32 {
    id
}

#[memoize(batch, max = 100, skip(= pool))]
fn users(pool: &str, ids: &[u32]) -> Vec<u32> {
    let _ = pool;
    ids.to_vec()
}

struct Desk {
    rates: Memo<u32, u32>,
}

impl Desk {
    #[memoize(cached = self.rates, max = 10)]
    fn rate(&self, id: u32) -> u32 {
        id
    }
}

fn main() {
    price(1);
    cost(1);
    users("", &[1]);
    let desk = Desk { rates: Memo::new() };
    desk.rate(1);
    desk.rate_cache().clear();
}
