//! Options as they are called in other libraries, or that nobody needs here.

use cached_core::memoize;

#[memoize(time = 60)]
fn first(id: u32) -> u32 {
    id
}

#[memoize(result = true)]
fn second(id: u32) -> Result<u32, String> {
    Ok(id)
}

#[memoize(sync_writes = "by_key")]
fn third(id: u32) -> u32 {
    id
}

#[memoize(refresh-after = 5s)]
fn fourth(id: u32) -> u32 {
    id
}

fn main() {}
