//! A static has one value, of which its own type is written.
use cached_core::{Lazy, memoize};

#[memoize(lazy, key = 3)]
static FIRST: Vec<u64> = vec![1, 2, 3];

#[memoize(lazy)]
static SECOND: Lazy<Vec<u64>> = vec![1, 2, 3];

fn main() {
    let _ = (FIRST.force().len(), SECOND.force().len());
}
