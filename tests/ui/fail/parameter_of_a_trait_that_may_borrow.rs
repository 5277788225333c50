//! Parameters of a trait of which nobody sees whether it lives for ever: once for each function.
use std::fmt::Binary as Record;
use std::hash::Hash;

use cached_core::memoize;

#[memoize]
fn by_value<T: Record + Hash + Eq + Clone + Send + Sync>(id: u32, of: T) -> u32 {
    id
}

#[memoize]
fn returned<T: Record + Clone + Send + Sync>(id: u32) -> Option<T> {
    None
}

#[memoize(skip(of))]
async fn left_out<T: Record>(of: &T, id: u32) -> u32 {
    id
}

struct Desk<T>(T);

#[memoize]
impl<T: Record + Clone + Send + Sync> Desk<T> {
    #[memoize(skip(self))]
    fn find(&self, id: u32) -> Option<T> {
        None
    }
}

fn main() {}
