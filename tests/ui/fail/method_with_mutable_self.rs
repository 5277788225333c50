//! A method that changes its receiver.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Counter(u32);

impl Counter {
    #[memoize]
    pub fn next(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

fn main() {
    Counter(1).next();
    Counter::next_cache();
}
