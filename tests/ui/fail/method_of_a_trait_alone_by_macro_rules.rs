//! The same where `macro_rules!` made the block.
use cached_core::memoize;

trait Price {
    fn price(&self, id: u32) -> u32;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

macro_rules! price {
    ($ty:ty) => {
        impl Price for $ty {
            #[memoize(ttl = 60s)]
            fn price(&self, id: u32) -> u32 {
                id
            }
        }
    };
}
price!(Desk);

fn main() {}
