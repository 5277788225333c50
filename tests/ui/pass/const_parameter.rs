//! A const parameter.
use cached_core::memoize;

#[memoize]
fn one<const N: usize>(all: [u8; N]) -> usize {
    all.len()
}

fn main() {
    let first = one([1, 2]);
    assert!(one([1, 2]) == first);
    assert_eq!(one::cache_info::<2>().hits, 1);
    assert_eq!((one::infos().len(), one::clear_all()), (1, 1));
}
