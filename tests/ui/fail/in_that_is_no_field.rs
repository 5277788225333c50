//! `in` names a field.
use cached_core::memoize;

struct Desk;

impl Desk {
    #[memoize(in = prices)]
    pub fn price(&self, id: u32) -> u32 {
        id
    }
}

#[memoize(in = self.prices)]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(Desk.price(1));
}
