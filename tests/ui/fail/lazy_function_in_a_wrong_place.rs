//! A lazy function that speaks of `Self` outside of a block, or stands in the unmarked block of a trait: one error each.

use cached_core::{Lazy, memoize};

#[memoize(lazy)]
fn free(id: u32) -> u32 {
    Self::go(id)
}

struct Desk;

trait Eager {
    fn eager(id: u32) -> u32;
}

impl Eager for Desk {
    #[memoize(lazy)]
    fn eager(id: u32) -> u32 {
        id
    }
}

trait Waiting {
    fn waiting(id: u32) -> Lazy<u32>;
}

impl Waiting for Desk {
    #[memoize(lazy)]
    fn waiting(id: u32) -> u32 {
        id
    }
}

fn main() {
    free(1).force();
}
