//! Two blocks of one trait for one type: the compiler says so once.

use cached_core::memoize;

trait Rule {
    fn area(&self) -> u32;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

#[memoize]
impl Rule for Desk {
    #[memoize]
    fn area(&self) -> u32 {
        1
    }
}

#[memoize]
impl Rule for Desk {
    #[memoize]
    fn area(&self) -> u32 {
        2
    }
}

fn main() {}
