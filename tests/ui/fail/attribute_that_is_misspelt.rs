//! The compiler says that there is no such attribute, and nobody what it would have marked.

use cached_core::memoize;

struct Desk;

#[memoise]
impl Desk {
    #[memoize]
    fn first(id: u32) -> u32 {
        id
    }
}

#[memoize]
impl Desk {
    #[memoise]
    fn second(id: u32) -> u32 {
        id
    }
}

fn main() {}
