//! The verbs of a generic function take its type arguments, and speak of its key.
use cached_core::memoize;

#[memoize]
fn distinct<T: Clone + Eq + Send + Sync + 'static>(items: &[T]) -> usize {
    items.len()
}

#[memoize]
fn size<T: Eq + std::hash::Hash + Send + Sync + 'static>(item: T) -> usize {
    std::mem::size_of_val(&item)
}

fn main() {
    distinct(&[1_u8]);
    distinct::warm::<u8>([vec![1], vec![2]]);
    distinct::warm([vec![1_u16]]);
    size::invalidate::<u8>(1);
    size::invalidate_if::<u8>(|key, value| usize::from(*key) == *value);
}
