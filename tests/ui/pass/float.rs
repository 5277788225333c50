//! A float.
use cached_core::memoize;

#[memoize]
fn one(n: f64) -> f64 {
    n
}

fn main() {
    let first = one(0.5);
    assert!(one(0.5) == first);
    assert_eq!(one::cache_info().hits, 1);
}
