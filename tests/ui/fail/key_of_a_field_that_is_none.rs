//! A mistake in the expression for the key is told of once, wherever that is written.
use cached_core::memoize;

struct Query {
    number: u32,
}

#[memoize(key = query.id)]
fn price(query: &Query) -> u32 {
    query.number
}

fn main() {
    price(&Query { number: 1 });
    price::clear();
}
