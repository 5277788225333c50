//! A type that a parameter names.
use cached_core::memoize;

#[memoize]
fn price<T: Iterator + 'static>(id: u32, of: T::Item) -> u32 {
    let _ = of;
    id
}

fn main() {}
