//! Patterns.
use cached_core::memoize;

#[memoize]
fn one((a, _): (u8, u8), [b, ..]: [u8; 2], mut c: u8, _: u8) -> u8 {
    c += 1;
    a + b + c
}

fn main() {
    let first = one((1, 2), [3, 4], 5, 6);
    assert!(one((1, 2), [3, 4], 5, 6) == first);
    assert_eq!(one::cache_info().hits, 1);
}
