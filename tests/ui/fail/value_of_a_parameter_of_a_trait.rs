//! A returned parameter of which only the compiler knows what it can do.
use cached_core::memoize;
use std::fmt::Binary as Record;

struct Desk;

#[memoize]
impl Desk {
    #[memoize]
    fn find<T: Record>(id: u32) -> Option<T> {
        let _ = id;
        None
    }
}

fn main() {}
