//! Closures in options see the key of a generic slice as the list that it is.
use cached_core::memoize;
use std::hash::Hash;

trait Whole: Clone + Eq + Hash + Send + Sync + 'static {}
impl<A: Clone + Eq + Hash + Send + Sync + 'static> Whole for A {}

#[memoize(max_weight = 1KiB, weigher = |list, _| list.len() as u64, on_remove = |list: &Vec<T>, _, _| drop(list.clone()))]
fn one<T: Whole>(list: &[T]) -> usize {
    list.len()
}

#[memoize(max_weight = 1KiB, weigher = |(list, text), _| (list.len() + text.len()) as u64)]
async fn two<T: Whole>(list: &[T], text: &str) -> usize {
    list.len() + text.len()
}

fn main() {
    for _ in 0..2 {
        assert_eq!(one(&[1, 2, 3]), 3);
    }
    let info = one::cache_info::<i32>();
    assert_eq!((info.hits, info.weight), (1, 3));
    drop(two(&[1], "a"));
    assert_eq!(two::cache_info::<i32>().hits, 0);
}
