//! A type that is not found may have been meant as one more parameter; where it could be one, there is one place to say so.
use cached_core::memoize;
use std::hash::Hash;

#[memoize]
fn inside<T: Clone + Hash + Eq + Send + Sync + 'static>(key: T, query: Option<Query>) -> u32 {
    1
}

#[memoize]
fn returned<T: Clone + Hash + Eq + Send + Sync + 'static>(key: T) -> Vec<Option<Value>> {
    Vec::new()
}

fn main() {
    inside(1, None);
    returned(1);
}
