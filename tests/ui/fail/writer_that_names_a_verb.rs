//! What is to be forgotten is written without a verb, and a tag is no function.
use cached_core::{invalidates, memoize};

#[memoize(tags = ["users"])]
fn user(id: u32) -> u32 {
    id
}

#[invalidates(user::invalidate(id))]
fn rename(id: u32) {
    let _ = id;
}

#[invalidates(user::clear)]
fn rename_all() {}

#[invalidates(tag("users"))]
fn remove(id: u32) {
    let _ = id;
}

fn main() {
    user(1);
    rename(1);
    rename_all();
    remove(1);
}
