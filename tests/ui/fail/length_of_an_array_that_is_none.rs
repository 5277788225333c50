//! The compiler says of an array that its length is none; nobody says it again.

use cached_core::memoize;

#[memoize]
fn first<const N: u32>(of: [u8; N]) -> u8 {
    1
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Row<const N: i64>;

impl<const N: i64> Row<N> {
    #[memoize]
    fn cells(&self, of: &[u8; N]) -> usize {
        1
    }
}

#[memoize]
impl<const N: i64> Row<N> {
    #[memoize]
    fn made(n: u8) -> Option<[u8; N]> {
        None
    }
}

fn main() {}
