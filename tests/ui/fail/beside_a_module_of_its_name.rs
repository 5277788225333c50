//! A function beside a module of its name.
use cached_core::memoize;

mod price {}

#[memoize]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(7);
}
