//! A tag is a text.
use cached_core::memoize;

#[memoize(tags = [id])]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
}
