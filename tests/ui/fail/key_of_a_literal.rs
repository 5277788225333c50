//! What looks like a template is the same key for all calls.
use cached_core::memoize;

#[memoize(key = "{user}:{page}")]
fn read(user: u32, page: u32) -> u32 {
    user + page
}

fn main() {
    read(1, 2);
}
