//! A writer says which caches it writes to.
use cached_core::{invalidates, updates};

#[invalidates]
fn one() {}

#[updates()]
fn two() {}

#[invalidates(user(id))]
struct NoFunction;

fn main() {
    one();
    two();
    let _ = NoFunction;
}
