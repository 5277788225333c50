//! A `Result`.
use cached_core::memoize;

#[memoize]
fn one(n: u8) -> Result<u8, std::io::Error> {
    Ok(n)
}

fn main() {
    let first = one(1).unwrap();
    assert!(one(1).unwrap() == first);
    assert_eq!(one::cache_info().hits, 1);
}
