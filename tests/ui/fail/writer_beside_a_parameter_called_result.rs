//! `result` is what the function returns.
use cached_core::{invalidates, memoize};

#[memoize]
fn user(id: u32) -> u32 {
    id
}

#[invalidates(user(result))]
fn rename(result: u32) -> String {
    result.to_string()
}

fn main() {
    user(1);
    rename(1);
}
