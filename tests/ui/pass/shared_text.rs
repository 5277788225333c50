//! An `Arc<str>`.
use cached_core::memoize;

#[memoize]
fn one(text: std::sync::Arc<str>) -> usize {
    text.len()
}

fn main() {
    let first = one("a".into());
    assert!(one("a".into()) == first);
    assert_eq!(one::cache_info().hits, 1);
}
