//! The type of a lazy static is the compiler's to miss.

use cached_core::memoize;

#[memoize(lazy)]
static TABLE = 5;

fn main() {}
