//! A type of this crate with arguments too many or too few, or one of the standard library under another name: one error each.

use std::collections::HashMap as Map;

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Page<Q>(Q);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Line<const N: usize>([u8; N]);

#[memoize]
fn few(of: Page) -> u32 {
    1
}

#[memoize]
fn none(of: Line) -> u32 {
    1
}

#[memoize]
fn many(of: &Line<1, 2>) -> u32 {
    1
}

#[memoize]
fn renamed(id: u32) -> Map<u8> {
    todo!()
}

fn main() {}
