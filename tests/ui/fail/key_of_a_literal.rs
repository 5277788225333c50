//! What looks like a template is the same key for all calls.
use cached_core::memoize;

#[memoize(key = "{user}:{page}")]
fn read(user: u32, page: u32) -> u32 {
    user + page
}

#[memoize(key = "String")]
fn name(user: u32) -> u32 {
    user
}

fn main() {
    name(1);
    read(1, 2);
}
