//! The same where the call is put off.
use cached_core::memoize;
use std::fmt::Binary as Record;

#[memoize(lazy)]
fn price<T: Record>(id: u32, of: &T) -> u32 {
    let _ = of;
    id
}

fn main() {}
