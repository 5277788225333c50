//! A method that has lost its `self` needs that, and no attribute on its block.
use cached_core::{Memo, memoize};

struct Repo {
    name: String,
    means: Memo<u32, u32>,
}

impl Repo {
    #[memoize(skip(self))]
    fn mean(id: u32) -> u32 {
        id
    }

    #[memoize(in = self.means)]
    fn kept(id: u32) -> u32 {
        id
    }

    #[memoize(key = (self.name.clone(), id))]
    fn named(id: u32) -> u32 {
        id
    }
}

fn main() {
    Repo::mean(1);
}
