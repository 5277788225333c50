//! A parameter that has another name by now.
use cached_core::{invalidates, memoize, updates};

#[memoize(tags = ["user:{id}"])]
fn user(user_id: u64) -> u64 {
    user_id
}

#[invalidates(tag = "user:{id}")]
fn delete(user_id: u64) {}

#[updates(user(id) = result)]
fn rename(user_id: u64, name: &str) -> u64 {
    user_id
}

#[memoize(key = (id, name.len()))]
fn length(which: u64, name: &str) -> usize {
    name.len()
}

#[invalidates(tag = user_id)]
fn gone(user_id: u64) {}

#[invalidates(tag: "user:{user_id}")]
fn colon(user_id: u64) {}

fn main() {}
