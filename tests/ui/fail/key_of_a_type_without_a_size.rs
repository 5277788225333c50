//! What a key is kept as has a size.
use cached_core::memoize;

#[memoize(key = name as str)]
fn page(name: &str) -> usize {
    name.len()
}

#[memoize(key = (id, ids) as (u32, [u8]))]
fn pages(id: u32, ids: &[u8]) -> usize {
    ids.len() + id as usize
}

fn main() {
    page("a");
    pages(1, &[2]);
}
