//! A parameter of a block that is kept by a memo of the instance's own.
use cached_core::{Memo, memoize};

struct Desk<T: 'static> {
    prices: Memo<u32, T>,
}

impl<T: 'static> Desk<T> {
    #[memoize(in = self.prices)]
    fn price(&self, id: u32) -> T {
        todo!()
    }
}

fn main() {}
