//! A function without a receiver in the block of a trait that has no attribute.
use cached_core::memoize;

trait Rate {
    fn rate(id: u32) -> u32;
}

struct Desk;

impl Rate for Desk {
    #[memoize]
    fn rate(id: u32) -> u32 {
        id
    }
}

fn main() {
    Desk::rate(7);
}
