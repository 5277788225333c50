//! A parameter alone is the key.
use cached_core::memoize;

#[memoize]
fn one(n: u64) -> u64 {
    n
}

fn main() {
    let first = one(1);
    assert!(one(1) == first);
    assert_eq!(one::cache_info().hits, 1);
    assert!(one::cache().contains(&1));
}
