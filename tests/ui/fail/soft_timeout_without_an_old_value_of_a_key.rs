//! Without an old value to give up for, nothing is said of who would load a new one.

use cached_core::memoize;

#[memoize(key = id, ttl = 5s, soft_timeout = 1s)]
fn find(id: u32, by: &str) -> u32 {
    id
}

#[memoize(batch, soft_timeout = 1s)]
fn all(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}

fn main() {}
