//! A length that a verb has to be told is asked for once.
use cached_core::memoize;

#[memoize]
fn total<const N: usize>(all: [u32; N]) -> u32 {
    all.iter().sum()
}

fn main() {
    total([1, 2]);
    total::clear();
}
