//! What the compiler cannot read, it tells of itself.
use cached_core::memoize;

#[memoize]
fn price(id, currency: &str) -> u64 {
    currency.len() as u64
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

#[memoize]
impl Desk {
    #[memoize(max = 10)]
    fn price(&self, id: ) -> u64 {
        7
    }

    #[memoize]
    fn rate(currency: &str) -> u64 {
        currency.len() as u64
    }
}

fn main() {}
