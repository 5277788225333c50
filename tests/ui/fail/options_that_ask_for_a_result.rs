//! What is no `Result` misses the same for all options that speak of failures.
use cached_core::memoize;

#[memoize(ttl = 1m, errors = 2s, stale_if_error = 5m)]
fn price(id: u64) -> Option<u64> {
    Some(id)
}

#[memoize(ttl = 1m, load_timeout = 2s, stale_if_error = 5m, errors = 2s)]
async fn later(id: u64) -> u64 {
    id
}

fn main() {}
