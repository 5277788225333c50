//! `tags` takes a list.
use cached_core::memoize;

#[memoize(tags = "user:{id}")]
fn one(id: u64) -> u64 {
    id
}

#[memoize(tags = [])]
fn none(id: u64) -> u64 {
    id
}

#[memoize(tags = [7])]
fn number(id: u64) -> u64 {
    id
}

fn main() {
    one(1);
    none(1);
    number(1);
}
