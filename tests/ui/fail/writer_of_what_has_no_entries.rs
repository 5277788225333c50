//! What writers name has entries: a memoized function, and none of another module without the attribute, nor what a call yields.
use cached_core::{invalidates, memoize};

mod prices {
    pub fn mean(id: u64) -> u64 {
        id
    }
}

#[memoize(lazy)]
fn report(year: u32) -> u32 {
    year
}

#[memoize(lazy)]
static LIMITS: Vec<u64> = vec![1, 2, 3];

#[invalidates(prices::mean(id))]
fn change(id: u64) {}

#[invalidates(report(year).force())]
fn reset(year: u32) {}

#[invalidates(LIMITS)]
fn limits() {}

fn main() {
    let _ = (prices::mean(1), report(3).force(), LIMITS.force().len());
}
