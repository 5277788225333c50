//! A function pointer.
use cached_core::memoize;

fn next(n: u8) -> u8 {
    n + 1
}

#[memoize]
fn one(f: fn(u8) -> u8, n: u8) -> u8 {
    f(n)
}

fn main() {
    let first = one(next, 1);
    assert!(one(next, 1) == first);
    assert_eq!(one::cache_info().hits, 1);
}
