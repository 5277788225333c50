//! A lazy static is of a type with a size.
use cached_core::memoize;

#[memoize(lazy)]
static TABLE: [u32] = [1, 2, 3];

fn main() {
    TABLE.force();
}
