//! A function whose companion would hide the library.
use ::cached_core::memoize;

#[memoize]
fn cached_core(id: u32) -> u32 {
    id
}

fn main() {
    cached_core(7);
}
