//! A hole of a tag holds something.
use cached_core::memoize;

#[memoize(tags = ["user:{}"])]
fn empty(id: u64) -> u64 {
    id
}

#[memoize(tags = ["user:{0}"])]
fn numbered(id: u64) -> u64 {
    id
}

#[memoize(tags = ["user:{id"])]
fn open(id: u64) -> u64 {
    id
}

fn main() {
    empty(1);
    numbered(1);
    open(1);
}
