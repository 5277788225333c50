//! A type with more arguments than it takes, or fewer, is the compiler's to tell of, once.
use std::collections::HashMap;

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Id(u32);

struct Desk;

#[memoize]
fn none_given(number: Option) -> u32 {
    0
}

#[memoize]
fn named<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(by: T) -> Vec {
    Vec::new()
}

#[memoize]
fn too_many(prices: std::vec::Vec<u32, u32, u32>) -> u32 {
    0
}

#[memoize]
fn too_few(number: u32) -> HashMap<u32> {
    HashMap::new()
}

#[memoize]
fn of_no_lifetime(id: Id<'_>) -> u32 {
    id.0
}

#[memoize]
impl Desk {
    #[memoize(skip(self))]
    fn price(&self, number: Option) -> u32 {
        0
    }
}

#[memoize]
fn inside(prices: Option<Vec<u32, u32, u32>>) -> u32 {
    0
}

mod inner {
    use super::*;

    #[memoize]
    fn beside_a_glob(prices: Vec<u32, u32, u32>) -> u32 {
        0
    }
}

fn main() {}
