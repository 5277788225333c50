//! What is skipped are parameters, and all of each.
use cached_core::memoize;

struct Desk {
    id: u32,
}

impl Desk {
    #[memoize(skip(self.id))]
    fn price(&self, town: u32) -> u32 {
        self.id + town
    }
}

fn main() {
    Desk { id: 1 }.price(1);
}
