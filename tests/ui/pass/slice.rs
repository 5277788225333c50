//! A slice.
use cached_core::memoize;

#[memoize]
fn one(all: &[u8]) -> u8 {
    all[0]
}

fn main() {
    let first = one(&[1, 2]);
    assert!(one(&[1, 2]) == first);
    assert_eq!(one::cache_info().hits, 1);
}
