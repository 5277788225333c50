use cached_core::memoize;

#[memoize(lazy)]
static mut TABLE: Vec<u64> = vec![1];

fn main() {}
