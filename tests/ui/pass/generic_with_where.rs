//! A `where` clause.
use cached_core::memoize;

#[memoize]
fn one<T>(n: &T) -> String
where
    T: ToString + std::hash::Hash + Eq + Clone + Send + Sync + 'static,
{
    n.to_string()
}

fn main() {
    let first = one(&1_u8);
    assert!(one(&1_u8) == first);
    assert_eq!(one::cache_info::<u8>().hits, 1);
    assert_eq!((one::infos().len(), one::clear_all()), (1, 1));
}
