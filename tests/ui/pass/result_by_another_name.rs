//! A `Result` by another name keeps no error.
use cached_core::memoize;

type Answer = Result<u8, String>;

#[memoize]
fn one(n: u8) -> Answer {
    Err(n.to_string())
}

fn main() {
    assert!(one(1).is_err() && one(1).is_err());
    assert_eq!((one::cache_info().hits, one::cache_info().len), (0, 0));
}
