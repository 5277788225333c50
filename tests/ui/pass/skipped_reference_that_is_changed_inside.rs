//! A skipped cell.
use cached_core::memoize;

#[memoize(skip(count))]
fn one(count: &std::cell::Cell<u8>, n: u8) -> u8 {
    count.set(n);
    n
}

fn main() {
    let first = one(&std::cell::Cell::new(0), 1);
    assert!(one(&std::cell::Cell::new(0), 1) == first);
    assert_eq!(one::cache_info().hits, 1);
}
