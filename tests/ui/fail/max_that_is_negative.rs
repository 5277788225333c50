//! `max` counts.
use cached_core::memoize;

#[memoize(max = -1)]
fn one(n: u64) -> u64 {
    n
}

fn main() {
    one(1);
}
