//! A type that is called nearly like a parameter is one mistake, whether the parameter was meant or one more is missing.
use cached_core::memoize;
use std::hash::Hash;

#[memoize]
fn taken<Record: Clone + Hash + Eq + Send + Sync + 'static>(record: Records) -> u32 {
    1
}

#[memoize]
fn returned<Record: Clone + Hash + Eq + Send + Sync + 'static>(record: Record) -> Option<Records> {
    None
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Desk {
    #[memoize]
    fn price(&self, item: T) -> u32 {
        1
    }
}

fn main() {
    taken(1);
    returned(1);
}
