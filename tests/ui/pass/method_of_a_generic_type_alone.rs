//! A method of a generic type, in a block that has no attribute.
use std::hash::Hash;

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk<T>(T);

impl<T: Clone + Eq + Hash + Send + Sync + 'static> Desk<T> {
    #[memoize]
    pub fn first(&self, id: u32) -> T {
        let _ = id;
        self.0.clone()
    }

    #[memoize(ttl = 60s, refresh_after = 30s)]
    pub fn same(&self, id: u32) -> Result<Self, String> {
        let _ = id;
        Ok(self.clone())
    }
}

fn main() {
    assert_eq!(Desk("a").first(7), "a");
    assert_eq!(Desk(1_u8).first(7), 1);
    assert_eq!(Desk(1_u8).first(7), 1);
    assert_eq!(Desk::<u8>::first_cache().cache_info().hits, 1);
    assert!(Desk(1_u8).same(7) == Ok(Desk(1)));
}
