//! `None` is a value.
use cached_core::memoize;

#[memoize]
fn one(n: u8) -> Option<u8> {
    n.checked_sub(9)
}

fn main() {
    let first = one(1);
    assert!(one(1) == first);
    assert_eq!(one::cache_info().hits, 1);
}
