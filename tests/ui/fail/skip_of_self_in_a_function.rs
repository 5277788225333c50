//! A free function has no `self` to skip.
use cached_core::memoize;

#[memoize(skip(self))]
fn one(n: u64) -> u64 {
    n
}

fn main() {
    one(1);
}
