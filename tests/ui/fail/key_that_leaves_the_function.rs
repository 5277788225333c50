//! A key is worked out for each verb as well, where nothing can be returned or awaited.

use cached_core::memoize;

#[memoize(key = name.parse::<u32>()?)]
fn tried(name: &str) -> Result<u32, std::num::ParseIntError> {
    Ok(1)
}

#[memoize(key = { if name.is_empty() { return 0; } name.len() })]
fn returned(name: &str) -> u32 {
    1
}

#[memoize(key = length(name).await)]
async fn awaited(name: &str) -> u32 {
    1
}

#[memoize(key = self.id)]
fn free(id: u32) -> u32 {
    1
}

async fn length(name: &str) -> usize {
    name.len()
}

fn main() {}
