//! A constant is no static, and only that can be made late.
use cached_core::memoize;

#[memoize(lazy)]
const TABLE: Vec<u32> = vec![1];

fn main() {
    println!("{:?}", TABLE.force());
}
