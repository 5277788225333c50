//! A parameter that is unsized.
use cached_core::memoize;

#[memoize]
fn one<T: ?Sized + AsRef<str> + std::hash::Hash + Eq + ToOwned<Owned = String> + 'static>(text: &T) -> usize {
    text.as_ref().len()
}

fn main() {
    let first = one("a");
    assert!(one("a") == first);
    assert_eq!(one::cache_info::<str>().hits, 1);
    assert_eq!((one::infos().len(), one::clear_all()), (1, 1));
}
