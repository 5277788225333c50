//! `companion` takes a name.
use cached_core::memoize;

#[memoize(companion = "prices")]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
    prices::clear();
}
