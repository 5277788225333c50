#![deny(warnings)]

use cached_core::memoize;

#[memoize(lazy)]
fn pair<T: Clone + Eq + std::hash::Hash + Send + Sync + std::fmt::Debug + 'static>(value: T) -> (T, T) {
    (value.clone(), value)
}

fn main() {
    assert_eq!((pair(1).force(), pair("a").force()), ((1, 1), ("a", "a")));
    assert_eq!(format!("{:?}", pair(2)), "Lazy(pair(2): pending)");
}
