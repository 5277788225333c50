//! A batch or a lazy function is one also where its marker has a mistake in it.

use cached_core::memoize;

#[memoize(bach, max_batch = 10)]
fn first(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}

#[memoize(batch = true)]
fn second(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}

#[memoize(lasy)]
fn third(id: u32) -> u32 {
    id
}

#[memoize(lazy = true)]
fn fourth(id: u32) -> u32 {
    id
}

#[memoize(batch)]
fn fifth(ids: Vec<u32>) -> Vec<u32> {
    ids
}

fn main() {
    let _ = first::load(1);
    let _ = second::load(1);
    third(1).force();
    fourth(1).force();
    let _ = fifth::load(1);
}
