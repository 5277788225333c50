//! What is written like a call is checked like one.
use cached_core::{invalidates, memoize, updates};

#[memoize]
fn user(id: u64, name: &str) -> String {
    format!("{id}{name}")
}

#[invalidates(user(id))]
fn too_few(id: u64) -> u64 {
    id
}

#[invalidates(user(name, name))]
fn wrong_type(name: &str) -> usize {
    name.len()
}

#[updates(user(id, "a") = result)]
fn wrong_value(id: u64) -> u64 {
    id
}

#[invalidates(usr(id))]
fn unknown_function(id: u64) -> u64 {
    id
}

fn main() {
    user(too_few(1) + wrong_value(1) + unknown_function(1), "x");
    wrong_type("x");
}
