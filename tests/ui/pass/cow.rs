//! A `Cow<'_, str>`.
use cached_core::memoize;

#[memoize]
fn one(text: std::borrow::Cow<'_, str>) -> usize {
    text.len()
}

fn main() {
    let first = one("a".into());
    assert!(one("a".into()) == first);
    assert_eq!(one::cache_info().hits, 1);
}
