//! What a container holds needs a size, as the compiler says of the function alone.
use cached_core::memoize;
use std::collections::HashMap;

struct Desk;

#[memoize]
fn inside(names: Vec<str>) -> u32 {
    0
}

#[memoize]
fn optional(name: Option<str>) -> u32 {
    0
}

#[memoize]
fn beside(pair: (str, u32)) -> u32 {
    0
}

#[memoize]
fn mapped(id: u32) -> HashMap<u32, str> {
    unreachable!()
}

#[memoize]
impl Desk {
    #[memoize(skip(self))]
    fn price(&self, names: Vec<str>) -> u32 {
        0
    }
}

fn main() {}
