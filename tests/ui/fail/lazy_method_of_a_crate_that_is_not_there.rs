//! A lazy method, whose head speaks of the library as well.

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Desk {
    #[memoize(lazy, crate = nowhere)]
    fn price(&self, id: u32) -> Vec<u32>
    where
        u32: Copy,
    {
        vec![id]
    }
}

fn main() {}
