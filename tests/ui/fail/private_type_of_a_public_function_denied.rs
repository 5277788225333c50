//! Who denies that a type is less seen than its function is told of it once, at the head.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Query(u32);

#[deny(private_interfaces)]
#[memoize]
pub fn price(query: Query) -> u32 {
    query.0
}

#[deny(private_interfaces)]
#[memoize(lazy)]
pub fn later(number: u32) -> Query {
    Query(number)
}

fn main() {
    price(Query(7));
    drop(later(7));
}
