//! An option that nobody knows, on functions of which everything else is right: whoever uses them gets no error on top.
use std::collections::HashMap;

use cached_core::{Memo, memoize};

#[memoize(lives = 3)]
fn listed<T: std::hash::Hash + Eq + Clone + Send + Sync + 'static>(of: T) -> Vec<T> {
    vec![of]
}

#[memoize(batch, lives = 3)]
fn names(ids: &[u32]) -> HashMap<u32, String> {
    HashMap::new()
}

#[derive(Default)]
struct Desk {
    prices: Memo<u32, u32>,
}

impl Desk {
    #[memoize(in = self.prices, lives = 3)]
    fn price(&self, id: u32) -> u32 {
        id
    }

    #[memoize(skip(self, town))]
    fn weight(&self, id: u32) -> u32 {
        id
    }
}

fn main() {
    listed::peek(1u8).map(|found| found.len());
    names::insert(1, Some("one".into()));
    names::load(1).map(|name| name.len());
    Desk::default().price_cache().invalidate(&1);
    Desk::weight_cache().invalidate(&1);
}
