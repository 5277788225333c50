//! A lazy static is told how to be made.
use cached_core::memoize;

#[memoize(lazy)]
static TABLE: Vec<u32>;

fn main() {
    println!("{:?}", TABLE.force());
}
