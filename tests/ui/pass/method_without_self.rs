//! A method that skips `self`.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(u32);

impl Desk {
    #[memoize(skip(self))]
    fn price(&self, text: &str) -> usize {
        text.len()
    }
}

fn main() {
    let first = Desk(1).price("a");
    assert!(Desk(1).price("a") == first);
    assert_eq!(Desk::price_cache().cache_info().hits, 1);
}
