//! Methods of one name: the compiler says so once, and what goes beside them is not told of.

use cached_core::{Memo, memoize};

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Desk {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id
    }

    #[memoize]
    pub fn price(&self, id: u32, currency: &str) -> u32 {
        id
    }
}

impl Desk {
    #[memoize]
    async fn price(&self) -> u32 {
        1
    }
}

struct Shop {
    prices: Memo<u32, u32>,
}

#[memoize]
impl Shop {
    #[memoize]
    fn open(day: u32) -> bool {
        true
    }

    #[memoize]
    fn open(day: u32) -> bool {
        false
    }
}

impl Shop {
    #[memoize(in = self.prices)]
    fn price(&self, id: u32) -> u32 {
        id
    }

    #[memoize(in = self.prices)]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

trait Rule: Clone + std::hash::Hash + Eq + Send + Sync + 'static {
    fn area(&self) -> u32;
}

#[memoize]
impl Rule for Desk {
    #[memoize]
    fn area(&self) -> u32 {
        1
    }

    #[memoize]
    fn area(&self) -> u32 {
        2
    }
}

trait Sized2: Clone + std::hash::Hash + Eq + Send + Sync + 'static {
    #[memoize]
    fn size(&self) -> u32 {
        1
    }

    #[memoize]
    fn size(&self) -> u32 {
        2
    }
}

fn main() {}
