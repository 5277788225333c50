//! A `Cow` of a slice.
use cached_core::memoize;

#[memoize]
fn one(all: std::borrow::Cow<'_, [u8]>) -> usize {
    all.len()
}

fn main() {
    let first = one(vec![1].into());
    assert!(one(vec![1].into()) == first);
    assert_eq!(one::cache_info().hits, 1);
}
