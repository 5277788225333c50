//! `?` and `return`.
use cached_core::memoize;

#[memoize]
fn one(n: u8) -> Option<u8> {
    let n = n.checked_sub(1)?;
    if n > 3 {
        return None;
    }
    Some(n)
}

fn main() {
    let first = one(1);
    assert!(one(1) == first);
    assert_eq!(one::cache_info().hits, 1);
}
