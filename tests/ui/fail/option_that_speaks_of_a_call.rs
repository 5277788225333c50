//! Options have one value for all calls, or are closures.
use cached_core::memoize;

#[memoize(ttl = seconds)]
fn price(id: u64, seconds: u64) -> u64 {
    id
}

#[memoize(store_if = value.is_some())]
fn name(id: u64) -> Option<String> {
    None
}

#[memoize(max = tables.len())]
fn rate(tables: &[u64]) -> u64 {
    1
}

#[memoize(max_weight = 64 KiB, weigher = |_, value| *value)]
fn size(id: u64) -> u64 {
    id
}

#[memoize(key = (id, 2): (u64, u64))]
fn typed(id: u64) -> u64 {
    id
}

fn main() {}
