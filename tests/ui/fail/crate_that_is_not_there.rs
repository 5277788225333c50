//! The library is looked for once, and what is made of the function says nothing of it.
use cached_core::memoize;

#[memoize(crate = nowhere)]
fn price(id: u32, currency: &str) -> u64 {
    u64::from(id)
}

#[memoize(crate = crate::mine::nothing)]
async fn rate<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(of: T) -> Option<T> {
    Some(of)
}

#[memoize(crate = std)]
fn other(id: u32) -> u64 {
    u64::from(id)
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Desk {
    #[memoize(crate = elsewhere, ttl = 60s)]
    fn rate(&self, id: u32) -> u32 {
        id
    }

    #[memoize(crate = core)]
    fn tariff(&self, of: &str) -> Option<String> {
        None
    }
}

#[memoize(crate = mine::cache)]
impl Desk {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

mod mine {}

fn main() {
    price(1, "EUR");
    price::invalidate(1, "EUR");
    drop(rate(1));
    rate::invalidate(1);
    Desk.price(1);
    Desk.rate(1);
    Desk::price_cache();
}
