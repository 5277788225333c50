//! A `String`.
use cached_core::memoize;

#[memoize]
fn one(text: String) -> String {
    text
}

fn main() {
    let first = one("a".to_owned());
    assert!(one("a".to_owned()) == first);
    assert_eq!(one::cache_info().hits, 1);
}
