//! The same where only the compiler knows what the trait asks for.
use cached_core::memoize;
use std::fmt::Binary as Named;

trait Price: Named {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

fn main() {}
