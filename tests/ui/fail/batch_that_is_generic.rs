//! A batch of keys of any type, or of what is no slice: one error says so.

use cached_core::memoize;

#[memoize(batch)]
fn users<K>(ids: &[K]) -> Vec<u32> {
    ids.iter().map(|_| 1).collect()
}

#[memoize(batch)]
fn groups(ids: impl IntoIterator<Item = u32>) -> Vec<u32> {
    ids.into_iter().collect()
}

fn main() {
    users(&[1]);
    groups([1]);
}
