//! A type cannot be memoized.
use cached_core::memoize;

#[memoize]
struct Desk {
    id: u32,
}

fn main() {
    let _ = Desk { id: 1 };
}
