//! However many there are, they are mended in one way.
use cached_core::memoize;

#[memoize]
fn price(id: u32, #[cfg(unix)] user: u32, #[cfg(not(unix))] session: u64) -> u32 {
    id
}

fn main() {}
