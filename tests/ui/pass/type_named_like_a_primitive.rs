//! A type of this crate that is called like one without a size.

#![allow(non_camel_case_types)]

use cached_core::memoize;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct str(u8);

#[memoize]
fn twice(of: str) -> str {
    str(of.0 * 2)
}

fn main() {
    assert_eq!(twice(str(2)).0, 4);
    assert!(twice::contains(str(2)));
}
