//! A keyword is no scope.
use cached_core::memoize;

#[memoize(scope = static)]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
}
