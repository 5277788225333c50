//! `store_if` takes a closure of one value.
use cached_core::memoize;

#[memoize(store_if = true)]
fn one(n: u64) -> u64 {
    n
}

#[memoize(store_if = |key, value| *value > 0)]
fn other(n: u64) -> u64 {
    n
}

fn main() {
    one(other(1));
}
