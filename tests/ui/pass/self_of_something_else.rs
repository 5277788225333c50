//! A `self` within an option need not be the object.
use cached_core::{Memo, memoize};
use std::time::Duration;
macro_rules! sz {
    (self) => {
        3
    };
}

struct S(Memo<u32, u32>, Memo<u32, u32>, Memo<u32, u32>);

impl S {
    #[memoize(in = self.0, ttl = |key, value| { struct C(u64); impl C { fn get(self) -> Duration { Duration::from_secs(self.0) } } C(*value as u64).get() })]
    fn e(&self, n: u32) -> u32 {
        n
    }
    #[memoize(in = self.1, max = { use std::fmt::{self}; 3 })]
    fn f(&self, n: u32) -> u32 {
        n
    }
    #[memoize(in = self.2, max = sz!(self))]
    fn g(&self, n: u32) -> u32 {
        n
    }
}
fn main() {
    let s = S(Memo::new(), Memo::new(), Memo::new());
    assert_eq!((s.e(1), s.f(2), s.g(3)), (1, 2, 3));
    assert_eq!((s.1.cache_info().max, s.2.cache_info().max), (Some(3), Some(3)));
}
