//! A vector of texts.
use cached_core::memoize;

#[memoize]
fn one(all: Vec<&str>) -> usize {
    all.len()
}

fn main() {
    let first = one(vec!["a"]);
    assert!(one(vec!["a"]) == first);
    assert_eq!(one::cache_info().hits, 1);
}
