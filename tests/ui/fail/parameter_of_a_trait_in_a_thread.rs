//! The same where each thread has a cache of its own.
use cached_core::memoize;
use std::fmt::Binary as Record;

#[memoize(scope = thread)]
fn price<T: Record>(id: u32, of: T) -> u32 {
    let _ = of;
    id
}

fn main() {}
