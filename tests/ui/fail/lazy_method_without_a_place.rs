//! What forces a lazy method stands beside it.

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(u32);

impl Desk {
    #[memoize(lazy, companion = none)]
    fn price(&self, id: u32) -> u32 {
        id + self.0
    }
}

fn main() {
    println!("{}", Desk(1).price(1).force());
}
