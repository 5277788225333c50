//! A function for other languages.
use cached_core::memoize;

#[memoize]
extern "C" fn one(n: u8) -> u8 {
    n
}

fn main() {
    let first = one(1);
    assert!(one(1) == first);
    assert_eq!(one::cache_info().hits, 1);
}
