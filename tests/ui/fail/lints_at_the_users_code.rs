#![deny(warnings, dead_code)]

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Desk;

#[memoize]
fn nobody_calls_this(n: u32) -> u32 {
    n
}

impl Desk {
    #[memoize]
    fn nor_this(&self, n: u32) -> u32 {
        n
    }
}

#[memoize]
#[must_use]
pub fn to_be_used(n: u32) -> u32 {
    n
}

#[memoize]
#[deprecated = "use `to_be_used`"]
pub fn old(unused: u32) -> u32 {
    let too = 1;
    return 1;
    2
}

#[memoize(max = 10, ttl = 60s)]
pub fn changed(mut n: u32) -> u32 {
    "7".parse::<u32>();
    n
}

fn main() {
    to_be_used(7);
    changed(old(7));
}
