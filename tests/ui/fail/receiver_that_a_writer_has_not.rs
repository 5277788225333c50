//! A writer calls what it names as its own body would.
use std::sync::Arc;

use cached_core::{invalidates, memoize, updates};

struct Repo;

impl Repo {
    #[memoize(skip(self))]
    fn user(self: &Arc<Self>, id: u32) -> u32 {
        id
    }

    #[invalidates(self.user(id))]
    fn delete(&self, id: u32) {}

    #[memoize(skip(self))]
    fn count(&mut self, id: u32) -> u32 {
        id
    }

    #[updates(self.count(id) = result)]
    fn add(&self, id: u32) -> u32 {
        id
    }
}

#[memoize]
impl Repo {
    #[memoize]
    fn price(id: u32) -> u32 {
        id
    }

    #[invalidates(self.price(id))]
    fn change(&self, id: u32) {}
}

fn main() {
    Repo.delete(1);
    Repo.add(1);
    Repo.change(1);
}
