//! A block in which nothing is memoized.
use cached_core::memoize;

struct Desk;

#[memoize]
impl Desk {
    fn open() -> Self {
        Self
    }
}

fn main() {
    Desk::open();
}
