//! Tuples in a slice, with floats and texts.
use cached_core::memoize;

#[memoize]
fn one(all: &[(f64, &str)]) -> usize {
    all.len()
}

fn main() {
    let first = one(&[(0.5, "a")]);
    assert!(one(&[(0.5, "a")]) == first);
    assert_eq!(one::cache_info().hits, 1);
}
