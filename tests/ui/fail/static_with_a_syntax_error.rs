//! What is wrong with the expression of a static is said once, and it keeps its lazy face.
use cached_core::memoize;

#[memoize(lazy)]
static TABLE: Vec<u32> = (1..10).map(|x| x * ).collect();

fn main() {
    println!("{:?}", TABLE.force());
}
