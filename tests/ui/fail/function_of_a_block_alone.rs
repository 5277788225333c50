//! A function without a receiver, in a block that has no attribute.
use cached_core::memoize;

struct Desk(u32);

impl Desk {
    #[memoize]
    fn open(number: u32) -> Self {
        Self(number)
    }
}

fn main() {
    Desk::open(1);
}
