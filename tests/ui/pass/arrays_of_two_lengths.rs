//! Const parameters with names that are alike.

use cached_core::memoize;

#[memoize]
fn sum<const R: usize, const C: usize>(of: [[u8; R]; C]) -> u32 {
    of.iter().flatten().map(|&cell| u32::from(cell)).sum()
}

#[memoize]
fn len<const A: usize, const B: bool>(of: [u8; A]) -> usize {
    if B { of.len() } else { 0 }
}

fn main() {
    assert_eq!(sum([[1, 2], [3, 4], [5, 6]]), 21);
    assert_eq!(len::<2, true>([1, 2]), 2);
}
