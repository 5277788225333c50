//! A parameter in neither key nor value.
use cached_core::memoize;

#[memoize]
fn one<T: 'static>(n: u8) -> usize {
    size_of::<T>() + n as usize
}

fn main() {
    let first = one::<u64>(1);
    assert!(one::<u64>(1) == first);
    assert_eq!(one::cache_info::<u64>().hits, 1);
    assert_eq!((one::infos().len(), one::clear_all()), (1, 1));
}
