//! What speaks of the result is worked out after the body, which has taken what it wanted.
use cached_core::{memoize, updates};

#[memoize]
fn user(name: &str, id: u64) -> u64 {
    name.len() as u64 + id
}

#[updates(user(&name, result) = result)]
fn save(name: String) -> u64 {
    drop(name);
    1
}

fn main() {
    user("x", save("x".to_owned()));
}
