//! The elements of a slice that is part of a key.
use cached_core::memoize;

trait Total {
    fn total(&self, from: usize) -> usize;
}

#[memoize]
impl<T: 'static> Total for [T] {
    #[memoize]
    fn total(&self, from: usize) -> usize {
        self.len() - from
    }
}

fn main() {}
