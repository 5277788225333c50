//! The closure of `store_if` says yes or no.
use cached_core::memoize;

#[memoize(store_if = |value| value + 1)]
fn one(n: u64) -> u64 {
    n
}

fn main() {
    one(1);
}
