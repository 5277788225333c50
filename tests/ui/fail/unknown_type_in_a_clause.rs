//! A type in a `where` that nobody declares: the compiler says so once.

use std::hash::Hash;

use cached_core::memoize;

#[memoize]
fn first<T: Clone + Hash + Eq + Send + Sync + 'static>(of: T) -> u8
where
    Nothing: Copy,
{
    1
}

#[memoize]
fn second<T: Clone + Hash + Eq + Send + Sync + 'static>(of: T) -> u8
where
    T: From<Nothing>,
{
    1
}

fn main() {}
