//! A tuple of floats.
use cached_core::memoize;

#[memoize]
fn one(point: (f64, f64)) -> f64 {
    point.0
}

fn main() {
    let first = one((0.5, 1.0));
    assert!(one((0.5, 1.0)) == first);
    assert_eq!(one::cache_info().hits, 1);
}
