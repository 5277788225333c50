//! A function without parameters.
use cached_core::memoize;

#[memoize]
fn one() -> u64 {
    1
}

fn main() {
    let first = one();
    assert!(one() == first);
    assert_eq!(one::cache_info().hits, 1);
}
