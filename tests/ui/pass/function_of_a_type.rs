//! A function of a type.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(u32);

#[memoize]
impl Desk {
    #[memoize]
    fn open(n: u32) -> Self {
        Self(n)
    }
}

fn main() {
    let first = Desk::open(2);
    assert!(Desk::open(2) == first);
    assert_eq!(Desk::open_cache().cache_info().hits, 1);
}
