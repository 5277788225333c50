//! A type parameter of which only the compiler knows what it can do.
use cached_core::memoize;
use std::fmt::Binary as Record;

#[memoize]
fn price<T: Record>(id: u32, of: T) -> u32 {
    let _ = of;
    id
}

fn main() {}
