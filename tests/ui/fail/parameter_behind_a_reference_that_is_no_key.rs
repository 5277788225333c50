//! The same behind a reference.
use cached_core::memoize;
use std::fmt::Binary as Record;

#[memoize]
async fn price<T: Record + 'static>(id: u32, of: &T) -> u32 {
    let _ = of;
    id
}

fn main() {}
