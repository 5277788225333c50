//! A bound that names no trait.
use cached_core::memoize;

#[memoize]
fn price<T: Unknown>(id: u32, of: T) -> u32 {
    let _ = of;
    id
}

fn main() {}
