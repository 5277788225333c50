//! A listener is told the key, the value, and why.
use cached_core::memoize;

#[memoize(on_remove = |key, value| drop((key, value)))]
fn without_cause(id: u64) -> u64 {
    id
}

#[memoize(on_remove = "log")]
fn text(id: u64) -> u64 {
    id
}

#[memoize(on_remove)]
fn nobody(id: u64) -> u64 {
    id
}

#[memoize(on_remove = |key: &String, _, _| drop(key.len()))]
fn other_key(id: u64) -> u64 {
    id
}

fn main() {
    without_cause(text(nobody(other_key(1))));
}
