//! Raw identifiers.
use cached_core::memoize;

#[memoize]
fn r#match(r#type: u8) -> u8 {
    r#type
}

fn main() {
    let first = r#match(1);
    assert!(r#match(1) == first);
    assert_eq!(r#match::cache_info().hits, 1);
}
