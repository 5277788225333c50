use cached_core::memoize;

#[memoize(batch)]
fn doubled<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(values: &[T]) -> Vec<T> {
    values.to_vec()
}

fn main() {
    doubled(&[1]);
}
