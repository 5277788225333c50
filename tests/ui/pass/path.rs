//! A `&Path`.
use cached_core::memoize;

#[memoize]
fn one(path: &std::path::Path) -> bool {
    path.is_absolute()
}

fn main() {
    let first = one("/a".as_ref());
    assert!(one("/a".as_ref()) == first);
    assert_eq!(one::cache_info().hits, 1);
}
