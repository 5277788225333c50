//! What an unknown option was meant for counts as given: nobody asks for it once more.

use cached_core::memoize;

#[memoize(mx = 3, policy = lru)]
fn first(id: u32) -> u32 {
    id
}

#[memoize(capacity = 100, policy = lru)]
fn second(id: u32) -> u32 {
    id
}

#[memoize(tll = 3s, jitter = 0.1, stale_if_error = 3s)]
fn third(id: u32) -> Result<u32, String> {
    Ok(id)
}

#[memoize(max_wieght = 3, weigher = |_, _| 1)]
fn fourth(id: u32) -> u32 {
    id
}

#[memoize(nothing = 3, policy = lru)]
fn fifth(id: u32) -> u32 {
    id
}

fn main() {
    first::invalidate_if(|id, _| *id > 3);
    let _ = second::peek(1);
    third::warm([1]);
    fourth::cache().invalidate(&1);
    fifth::insert(1, 2);
}
