use cached_core::memoize;
use std::sync::Arc;

#[memoize]
fn count<T: 'static>(all: Vec<T>, names: Option<Arc<T>>) -> usize {
    all.len()
}

#[memoize]
fn shared<T: Default + 'static>(id: u32) -> Arc<T> {
    Arc::new(T::default())
}

fn main() {}
