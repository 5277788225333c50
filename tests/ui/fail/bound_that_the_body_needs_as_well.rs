//! A parameter that lacks what its key needs, and what its body needs.
use std::hash::Hash;

use cached_core::memoize;

#[memoize]
fn twice<T: Hash + Eq + Send + Sync + 'static>(value: T) -> usize {
    let all = vec![value.clone(), value];
    all.len()
}

struct Repo;

impl Repo {
    #[memoize(skip(self))]
    fn thrice<T: Hash + Eq + Send + Sync + 'static>(&self, value: T) -> usize {
        vec![value.clone(), value.clone(), value].len()
    }
}

fn main() {
    twice(1);
    twice::invalidate(1);
    Repo.thrice(1);
}
