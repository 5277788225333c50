//! A method whose value is reloaded by others, of a type that is no key.
use cached_core::memoize;

struct Desk;

impl Desk {
    #[memoize(ttl = 60s, refresh_after = 30s)]
    pub fn price(&self, id: u32) -> u32 {
        id
    }
}

fn main() {
    Desk.price(7);
}
