//! A key that is a text or a list itself, and not what it is borrowed by.
use cached_core::memoize;

#[memoize(key = *name)]
fn length(name: &str) -> usize {
    name.len()
}

#[memoize(key = (*ids, id))]
fn position(ids: &[u32], id: u32) -> Option<usize> {
    ids.iter().position(|own| *own == id)
}

fn main() {
    length("a");
    length::clear();
}
