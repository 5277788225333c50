//! A mistake in one mark of a block is told once.
use cached_core::memoize;

struct Desk;

#[memoize]
impl Desk {
    #[memoize(maxx = 1)]
    fn open(id: u32) -> u32 {
        id
    }

    #[memoize]
    fn close(id: u32) -> u32 {
        id
    }
}

fn main() {
    Desk::open(Desk::close(1));
    Desk::close_cache().clear();
}
