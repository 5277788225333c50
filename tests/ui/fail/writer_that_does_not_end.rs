//! What is done when a function has ended can only be done where it is known when that is.
use cached_core::{invalidates, memoize};

#[memoize]
fn user(id: u64) -> u64 {
    id
}

#[invalidates(user(id))]
fn a_future(id: u64) -> impl Future<Output = u64> {
    async move { id }
}

#[invalidates(user(ID))]
const fn constant() -> u64 {
    ID
}

const ID: u64 = 1;

fn main() {
    user(constant());
    drop(a_future(1));
}
