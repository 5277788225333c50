//! A float by another name.
use cached_core::memoize;

type Metres = f32;

#[memoize]
fn one(n: Metres) -> Metres {
    n
}

fn main() {
    let first = one(0.5);
    assert!(one(0.5) == first);
    assert_eq!(one::cache_info().hits, 1);
}
