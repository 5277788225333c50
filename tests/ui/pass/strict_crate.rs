//! A crate that forbids and denies what can be forbidden and denied.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, missing_debug_implementations, missing_copy_implementations)]
#![deny(unreachable_pub, unused, future_incompatible, rust_2018_idioms, clippy::pedantic)]

use cached_core::memoize;

/// Doubles.
#[memoize(max = 10, ttl = 60s, policy = lru, name = "double")]
#[must_use]
pub fn double(n: u64) -> u64 {
    n * 2
}

/// Private, and used.
#[memoize(key = (name.to_lowercase()))]
fn folded(name: &str) -> usize {
    name.len()
}

fn main() {
    assert_eq!(double(2), 4);
    assert_eq!(folded("A"), 1);
}
