//! A type is given a parameter that lacks what it asks for: the compiler says so of the head, and nobody of what goes beside it.

use std::hash::Hash;

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Page<Q: Copy>(Q);

#[memoize]
fn first<T: Clone + Hash + Eq + Send + Sync + 'static>(page: &Page<T>) -> u32 {
    1
}

#[memoize]
fn second<T>(of: Option<Page<T>>) -> u32
where
    T: Clone + Hash + Eq + Send + Sync + 'static,
{
    1
}

fn main() {}
