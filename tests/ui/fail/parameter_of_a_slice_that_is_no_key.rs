//! The same in a slice.
use cached_core::memoize;
use std::fmt::Binary as Record;

#[memoize]
fn price<T: Record + 'static>(id: u32, of: &[T]) -> u32 {
    let _ = of;
    id
}

fn main() {}
