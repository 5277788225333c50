//! Iterators of the standard library borrow, also where their lifetime is left out.

use std::collections::{btree_map, hash_map};

use cached_core::memoize;

#[memoize]
fn count(of: hash_map::Iter<u8, u8>) -> usize {
    of.count()
}

#[memoize]
fn words(of: &str) -> std::str::SplitN<char> {
    of.splitn(2, ' ')
}

struct Desk;

impl Desk {
    #[memoize(skip(self))]
    fn first(&self, of: btree_map::Keys<u8, u8>) -> u8 {
        1
    }
}

fn main() {}
