//! An argument of a method is pointed at, whatever the block.
use cached_core::memoize;

struct Pool;
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
    fn rate(&self, pool: &Pool) -> u32 {
        1
    }

    #[memoize]
    fn pool(id: u32) -> Pool {
        Pool
    }
}

fn main() {}
