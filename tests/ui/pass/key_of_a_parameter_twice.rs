//! A parameter twice in the key.
use cached_core::memoize;

#[memoize(key = (a, a))]
fn one(a: String) -> usize {
    a.len()
}

fn main() {
    let first = one("a".to_owned());
    assert!(one("a".to_owned()) == first);
    assert_eq!(one::cache_info().hits, 1);
}
