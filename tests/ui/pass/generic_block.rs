//! A generic block.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Pair<T>(T, T);

#[memoize]
impl<T: Copy + Eq + std::hash::Hash + Send + Sync + std::ops::Add<Output = T> + 'static> Pair<T> {
    #[memoize]
    fn sum(&self) -> T {
        self.0 + self.1
    }
}

fn main() {
    assert_eq!((Pair(1, 2).sum(), Pair(1, 2).sum()), (3, 3));
    assert_eq!(Pair::<i32>::sum_cache().cache_info().hits, 1);
}
