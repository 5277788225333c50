//! A derive with a comma missing derives nothing: that is told of where it stands.
use cached_core::memoize;

#[derive(Clone PartialEq, Eq, Hash)]
pub struct Query {
    id: u32,
}

#[memoize]
impl Query {
    #[memoize]
    fn of(&self, town: &str) -> Result<Query, String> {
        Err(format!("{} {town}", self.id))
    }
}

fn main() {
    let query = Query { id: 1 };
    assert!(query.of("a").is_err());
    assert_eq!(Query::of_cache().cache_info().hits, 0);
}
