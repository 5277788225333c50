//! A module that is brought in by the name of a function has that of its companion.
use std::sync::atomic;

use cached_core::memoize;

#[memoize]
fn atomic(id: u32) -> u32 {
    id
}

fn count() -> atomic::AtomicU32 {
    atomic::AtomicU32::new(atomic(1))
}

fn main() {
    count();
}
