//! A function is no type, and where it is written as one there is one place to say so.
use cached_core::memoize;

fn order() -> u8 {
    1
}

#[memoize]
fn taken(item: order) -> u32 {
    1
}

#[memoize]
fn borrowed(item: &order) -> u32 {
    1
}

#[memoize]
fn returned(id: u32) -> order {
    1
}

fn main() {
    taken::clear();
    borrowed::clear();
    returned(1);
}
