//! A head that the compiler cannot read is its own to tell of.

use cached_core::memoize;

#[memoize]
fn price(id: u32): u32 {
    id
}

fn main() {
    price(1);
}
