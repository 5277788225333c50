//! A companion by another name.
use cached_core::memoize;

#[memoize(companion = ones)]
fn one(n: u8) -> u8 {
    n
}

fn main() {
    let first = one(1);
    assert!(one(1) == first);
    assert_eq!(ones::cache_info().hits, 1);
}
