//! A const parameter without `const`.

use cached_core::memoize;

#[memoize]
fn sum<N: usize>(of: [u32; N]) -> u32 {
    1
}

fn main() {}
