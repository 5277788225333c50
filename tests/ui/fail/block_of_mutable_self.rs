//! Of a block, the method that cannot be memoized is told.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(u32);

#[memoize]
impl Desk {
    #[memoize]
    fn next(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

fn main() {
    Desk(1).next();
}
