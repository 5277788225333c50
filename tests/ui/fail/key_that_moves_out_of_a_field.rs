//! A key that takes a field of what is borrowed.
use cached_core::memoize;

struct Desk {
    town: String,
}

impl Desk {
    #[memoize(key = (self.town, id))]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

#[memoize(key = desk.town)]
async fn prices(desk: &Desk) -> u32 {
    1
}

fn main() {}
