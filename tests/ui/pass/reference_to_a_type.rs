//! A reference to a type of the user's.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Id(u32);

#[memoize]
fn one(id: &Id) -> u32 {
    id.0
}

fn main() {
    let first = one(&Id(1));
    assert!(one(&Id(1)) == first);
    assert_eq!(one::cache_info().hits, 1);
}
