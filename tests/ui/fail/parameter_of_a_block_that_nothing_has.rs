//! A parameter of a block that is none of its type: the compiler says so once.

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl<T: 'static> Desk {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

#[memoize]
impl<T: 'static> Desk {
    #[memoize]
    fn of(id: u32) -> u32 {
        id
    }
}

fn main() {}
