//! `impl Trait` inside of the type of an argument.
use cached_core::memoize;

#[memoize]
fn count(all: &[impl Clone], first: Option<u8>) -> usize {
    let _ = first;
    all.len()
}

fn main() {}
