//! A key that uses up a field of what is borrowed.
use cached_core::memoize;

struct Desk {
    town: String,
}

impl Desk {
    #[memoize(key = (self.town.into_bytes(), id))]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

#[memoize(key = desk.town.into_bytes())]
async fn prices(desk: &Desk) -> u32 {
    1
}

fn main() {}
