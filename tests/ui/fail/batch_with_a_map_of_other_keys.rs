use cached_core::memoize;
use std::collections::HashMap;

#[memoize(batch)]
fn products(ids: &[u32]) -> HashMap<u64, u32> {
    ids.iter().map(|&id| (u64::from(id), id)).collect()
}

fn main() {
    products(&[1]);
}
