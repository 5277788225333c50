//! A `Result` of a module.
use cached_core::memoize;

use std::io;

#[memoize]
fn one(n: u8) -> io::Result<u8> {
    Ok(n)
}

fn main() {
    let first = one(1).unwrap();
    assert!(one(1).unwrap() == first);
    assert_eq!(one::cache_info().hits, 1);
}
