//! An `&OsStr`.
use cached_core::memoize;

#[memoize]
fn one(text: &std::ffi::OsStr) -> usize {
    text.len()
}

fn main() {
    let first = one("a".as_ref());
    assert!(one("a".as_ref()) == first);
    assert_eq!(one::cache_info().hits, 1);
}
