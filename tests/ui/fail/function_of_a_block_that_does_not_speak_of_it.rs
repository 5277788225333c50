//! A function without a receiver, in a block that has no attribute, with nothing that tells so.
use cached_core::memoize;

struct Desk;

impl Desk {
    #[memoize]
    pub fn rate(id: u32) -> u32 {
        id
    }

    #[memoize(ttl = 60s)]
    async fn fetch(name: &str) -> Option<u32> {
        name.parse().ok()
    }
}

fn main() {
    Desk::rate(7);
    drop(Desk::fetch("7"));
}
