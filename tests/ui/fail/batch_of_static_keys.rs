//! A run takes the keys that are missing, which live no longer than the run.
use cached_core::memoize;

#[memoize(batch)]
fn products(ids: &'static [u32]) -> Vec<u32> {
    ids.to_vec()
}

fn main() {
    products(&[1]);
}
