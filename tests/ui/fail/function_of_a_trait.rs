//! A function without a receiver that a trait has already.
use cached_core::memoize;

trait Rate {
    #[memoize]
    fn rate(id: u32) -> u32 {
        id
    }
}

struct Desk;

impl Rate for Desk {}

fn main() {
    Desk::rate(7);
}
