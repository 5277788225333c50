//! What the compiler advises for a writer's arguments is advice for what the user wrote.

use cached_core::{invalidates, memoize};

#[memoize]
fn user(name: &str, id: u64) -> String {
    format!("{name}{id}")
}

#[invalidates(user(name))]
fn forget_some(name: &str) {
    let _ = name;
}

#[invalidates(user(name, 1))]
fn forget(name: String) {
    let _ = name;
}

fn main() {
    user("a", 1);
    forget_some("a");
    forget("a".to_owned());
}
