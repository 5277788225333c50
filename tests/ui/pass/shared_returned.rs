//! An `Arc`.
use cached_core::memoize;

#[memoize]
fn one(n: u8) -> std::sync::Arc<Vec<u8>> {
    std::sync::Arc::new(vec![n])
}

fn main() {
    let first = one(1);
    assert!(one(1) == first);
    assert_eq!(one::cache_info().hits, 1);
}
