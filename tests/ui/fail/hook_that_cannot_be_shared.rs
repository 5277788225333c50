//! What an option says of each entry, with something in it that other threads cannot have.
use std::rc::Rc;

use cached_core::memoize;

#[memoize(store_if = { let least = Rc::new(1); move |price| *price > *least })]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price::clear();
}
