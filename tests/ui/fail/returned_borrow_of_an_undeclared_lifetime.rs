//! A lifetime that nobody declares is no borrow of anything yet.
use cached_core::memoize;

#[memoize]
fn name(id: u32) -> &'a str {
    "one"
}

struct Desk;

impl Desk {
    #[memoize]
    fn name(&self, id: u32) -> &'a str {
        "one"
    }
}

fn main() {}
