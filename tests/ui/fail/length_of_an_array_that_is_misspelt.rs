//! A length that is nearly called like a parameter.

use cached_core::memoize;

const LINE: usize = 1;

#[memoize]
fn first<const LEN: usize>(of: [u8; LNE], line: [u8; LINE]) -> u32 {
    1
}

#[memoize]
fn second<const LEN: usize>(id: u32) -> Vec<[u8; LNE]> {
    vec![]
}

fn main() {}
