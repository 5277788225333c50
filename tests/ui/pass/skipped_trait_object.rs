//! A trait object that is skipped.
use cached_core::memoize;

#[memoize(skip(log))]
fn one(log: &dyn Fn(u8), n: u8) -> u8 {
    log(n);
    n
}

fn main() {
    let first = one(&|_| (), 1);
    assert!(one(&|_| (), 1) == first);
    assert_eq!(one::cache_info().hits, 1);
}
