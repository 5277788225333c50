//! A number that is the same for all calls tells none of them from another, and has no type that anybody wrote.
use cached_core::memoize;

#[memoize(key = 1.5)]
fn alone(id: u32) -> u32 {
    id
}

#[memoize(key = (id, -0.5))]
fn beside(id: u32) -> u32 {
    id
}

fn main() {
    alone(1);
    beside(1);
}
