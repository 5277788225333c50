//! A text in single quotes is none, which the compiler says.
use cached_core::memoize;

#[memoize(ttl = '60s')]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
    price::clear();
}
