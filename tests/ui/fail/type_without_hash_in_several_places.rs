//! What one type misses is said once, however often a function speaks of it.
use cached_core::memoize;

struct Pool;

#[memoize]
fn both(from: Pool, to: Pool) -> u32 {
    0
}

#[memoize]
fn one_and_many(from: &Pool, to: &[Pool]) -> u32 {
    0
}

#[memoize]
fn and_returned(from: Pool) -> Pool {
    from
}

fn main() {}
