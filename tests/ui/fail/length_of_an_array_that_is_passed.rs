//! The length of an array cannot be passed.

use cached_core::memoize;

#[memoize]
fn zeros(n: usize) -> [u8; n] {
    [0; 4]
}

fn main() {
    zeros(4);
}
