//! What is expected of the body is expected there, also where it could be said of a head.
#![deny(warnings)]
use cached_core::memoize;

#[deprecated]
fn old(id: u32) -> u32 {
    id
}

#[memoize]
#[expect(deprecated, reason = "there is no other")]
fn price(id: u32) -> u32 {
    old(id)
}

fn main() {
    assert_eq!(price(1) + price(1), 2);
}
