//! A function without a receiver has no `self` for a tag.
use cached_core::memoize;

#[memoize(tags = ["user:{self.id}"])]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
}
