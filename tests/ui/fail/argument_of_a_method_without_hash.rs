//! An argument of a method is pointed at, whatever the block.
use cached_core::memoize;

struct Pool;
struct Lake;
struct Pond;
#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Desk {
    #[memoize]
    fn price(&self, pool: Pool) -> u32 {
        1
    }
}

#[memoize]
impl Desk {
    #[memoize]
    fn rate(&self, lake: &Lake) -> u32 {
        1
    }

    #[memoize]
    fn pond(id: u32) -> Pond {
        Pond
    }
}

fn main() {}
