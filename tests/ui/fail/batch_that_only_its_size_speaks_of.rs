use std::collections::HashMap;

use cached_core::{invalidates, memoize};

#[memoize(max_batch = 100)]
fn products(ids: &[u32]) -> HashMap<u32, String> {
    ids.iter().map(|id| (*id, id.to_string())).collect()
}

#[invalidates(products(id))]
fn remove(id: u32) -> bool {
    id > 0
}

fn main() {
    if let Some(product) = products::load(2) {
        println!("{}", product.len());
    }
    products::invalidate(2);
    remove(1);
}
