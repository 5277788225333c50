//! Options go on the functions of a block.
use cached_core::memoize;

struct Desk;

#[memoize(max = 10)]
impl Desk {
    #[memoize]
    fn open() -> u32 {
        1
    }
}

fn main() {
    Desk::open();
}
