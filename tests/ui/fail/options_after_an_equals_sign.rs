//! That an attribute is written with parentheses, the compiler says first.
use cached_core::memoize;

#[memoize = 10]
fn price(id: u32) -> u64 {
    u64::from(id)
}

fn main() {
    price(1);
    price::invalidate(1);
}
