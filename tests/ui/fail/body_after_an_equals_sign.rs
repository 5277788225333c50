//! What the compiler cannot read of a function or a static it tells of itself.

use cached_core::memoize;

#[memoize]
fn price(id: u32) -> u32 = id;

fn main() {
    price(1);
}
