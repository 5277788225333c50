//! A tuple.
use cached_core::memoize;

#[memoize]
fn one(n: u8) -> (u8, String) {
    (n, n.to_string())
}

fn main() {
    let first = one(1);
    assert!(one(1) == first);
    assert_eq!(one::cache_info().hits, 1);
}
