//! A `&str`.
use cached_core::memoize;

#[memoize]
fn one(text: &str) -> usize {
    text.len()
}

fn main() {
    let first = one("a");
    assert!(one("a") == first);
    assert_eq!(one::cache_info().hits, 1);
}
