//! An `Option<&str>`.
use cached_core::memoize;

#[memoize]
fn one(text: Option<&str>) -> usize {
    text.map_or(0, str::len)
}

fn main() {
    let first = one(Some("a"));
    assert!(one(Some("a")) == first);
    assert_eq!(one::cache_info().hits, 1);
}
