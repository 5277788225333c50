//! An `Option<f64>`.
use cached_core::memoize;

#[memoize]
fn one(n: Option<f64>) -> bool {
    n.is_some()
}

fn main() {
    let first = one(Some(0.5));
    assert!(one(Some(0.5)) == first);
    assert_eq!(one::cache_info().hits, 1);
}
