//! Writers whose return type is missing or has no size.

use cached_core::{invalidates, memoize, updates};

#[memoize]
fn user(id: u64) -> String {
    id.to_string()
}

#[updates(user(id) = result)]
fn save(id: u64) {
    id.to_string()
}

#[invalidates(user(id))]
fn name(id: u64) -> str {
    id.to_string().as_str()
}

fn main() {
    user(1);
    save(1);
    name(1);
}
