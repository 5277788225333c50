//! Functions that have one companion.
use cached_core::memoize;

#[memoize(companion = prices)]
fn price(id: u32) -> u32 {
    id
}

#[memoize(companion = prices)]
fn discount(id: u32) -> u32 {
    id
}

mod other {
    use cached_core::memoize;

    #[memoize(companion = rates)]
    pub fn rate(id: u32) -> u32 {
        id
    }

    #[memoize]
    pub fn rates(id: u32) -> u32 {
        id
    }
}

fn main() {
    prices::clear();
    other::rates::clear();
}
