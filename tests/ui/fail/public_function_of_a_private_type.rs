//! A type that is less seen than the function is pointed at.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Id(u32);

#[memoize]
pub fn price(currency: &str, id: Id) -> u32 {
    id.0
}

fn main() {}
