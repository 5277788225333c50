//! What follows a missing comma is read as if it were there.

use cached_core::memoize;

struct Pool;

#[memoize(ttl = 60s max = 3, policy = lru)]
fn first(id: u32) -> u32 {
    id
}

#[memoize(max = 3 skip(pool))]
fn second(id: u32, pool: &Pool) -> u32 {
    id
}

#[memoize(max = 3; skip(pool))]
fn third(id: u32, pool: &Pool) -> u32 {
    id
}

#[memoize(max = 3 batch, max_batch = 10)]
fn fourth(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}

#[memoize(ttl = 1h 30m, max = 3)]
fn fifth(id: u32) -> u32 {
    id
}

fn main() {
    let _ = fourth::load(1);
}
