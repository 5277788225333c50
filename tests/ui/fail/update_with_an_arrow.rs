//! An update that is not written as an assignment.
use cached_core::{memoize, updates};

#[memoize]
fn user(id: u32) -> u32 {
    id
}

#[updates(user(id) => result, user(id + 1) = result)]
fn rename(id: u32) -> u32 {
    id
}

fn main() {
    rename(1);
}
