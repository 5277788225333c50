//! A map in something else answers no batch, and who asks for one key is told nothing.
use cached_core::memoize;

use std::collections::HashMap;

#[memoize(batch)]
fn products(ids: &[u32]) -> Option<HashMap<u32, String>> {
    Some(ids.iter().map(|&id| (id, id.to_string())).collect())
}

fn main() {
    products(&[1]);
    if let Some(name) = products::load(2) {
        println!("{name}");
    }
}
