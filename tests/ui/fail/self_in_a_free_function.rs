//! Outside of a block `Self` is of no type, and nothing is said of the verbs.
use cached_core::memoize;

pub struct Desk;

#[memoize]
pub fn open(id: u32) -> Self {
    let _ = id;
    Desk
}

fn main() {
    open(1);
    open::clear();
    assert_eq!(open::cache_info().hits, 0);
}
