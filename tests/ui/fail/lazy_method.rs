//! A method cannot be lazy.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Desk {
    #[memoize(lazy)]
    pub fn price(&self, id: u32) -> u32 {
        id
    }
}

fn main() {
    let _ = Desk.price(1);
}
