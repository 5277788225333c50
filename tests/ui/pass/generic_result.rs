//! A generic `Result`.
use cached_core::memoize;

#[memoize]
fn one<T: std::str::FromStr + Clone + Send + Sync + 'static>(text: &str) -> Result<T, T::Err> {
    text.parse()
}

fn main() {
    let first = one::<u8>("1").unwrap();
    assert!(one::<u8>("1").unwrap() == first);
    assert_eq!(one::cache_info::<u8>().hits, 1);
    assert_eq!((one::infos().len(), one::clear_all()), (1, 1));
}
