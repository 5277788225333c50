//! What is invalidated and what is stored is written differently.
use cached_core::{invalidates, memoize, updates};

#[memoize]
fn user(id: u64) -> u64 {
    id
}

#[invalidates(user(id) = result)]
fn stores_nothing(id: u64) -> u64 {
    id
}

#[updates(user(id))]
fn without_a_value(id: u64) -> u64 {
    id
}

#[updates(user = result)]
fn without_arguments(id: u64) -> u64 {
    id
}

#[updates(tag = "user:{id}")]
fn tag_of_an_update(id: u64) -> u64 {
    id
}

#[invalidates(tags = ["user:{id}"])]
fn several_tags(id: u64) -> u64 {
    id
}

#[invalidates(tag = "user:{}")]
fn empty_hole(id: u64) -> u64 {
    id
}

#[invalidates(id + 1)]
fn no_call(id: u64) -> u64 {
    id
}

fn main() {
    user(stores_nothing(1) + without_a_value(1) + without_arguments(1) + tag_of_an_update(1));
    several_tags(1);
    empty_hole(1);
    no_call(1);
}
