//! A slice of texts.
use cached_core::memoize;

#[memoize]
fn one(all: &[&str]) -> usize {
    all.len()
}

fn main() {
    let first = one(&["a", "b"]);
    assert!(one(&["a", "b"]) == first);
    assert_eq!(one::cache_info().hits, 1);
}
