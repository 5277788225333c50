//! Names that look like ours.
use cached_core::memoize;

#[memoize]
fn cache(lookup: u8, value: u8, key: u8, args: u8, this: u8) -> u8 {
    lookup + value + key + args + this
}

fn main() {
    let first = cache(1, 2, 3, 4, 5);
    assert!(cache(1, 2, 3, 4, 5) == first);
    assert_eq!(cache::cache_info().hits, 1);
}
