//! A key whose type nobody says: one error, at the expression.

use cached_core::memoize;

#[memoize(key = name.parse().unwrap())]
fn parsed(name: &str) -> u32 {
    1
}

#[memoize(key = ids.iter().copied().collect())]
fn collected(ids: &[u32]) -> u32 {
    1
}

#[memoize(key = id as _)]
fn cast(id: u32) -> u32 {
    1
}

#[memoize(key = (ids[..2], 1))]
fn part(ids: &[u32]) -> u32 {
    1
}

fn main() {}
