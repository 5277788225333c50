//! A method that speaks of a parameter of its block, which has no attribute.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk<Item>(Item);

impl<Item: Clone + Eq + std::hash::Hash + Send + Sync + 'static> Desk<Item> {
    #[memoize]
    pub fn first(&self) -> Item {
        self.0.clone()
    }
}

fn main() {}
