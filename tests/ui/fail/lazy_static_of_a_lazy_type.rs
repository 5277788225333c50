//! A lazy static of a type that is lazy by itself.
use std::sync::LazyLock;

use cached_core::memoize;

#[memoize(lazy)]
static PRIMES: LazyLock<Vec<u32>> = LazyLock::new(|| vec![2, 3, 5]);

fn main() {}
