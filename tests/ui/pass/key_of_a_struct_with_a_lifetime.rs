//! A struct with a lifetime, through `key`.
use cached_core::memoize;

struct Query<'a>(&'a str);

#[memoize(key = query.0)]
fn one(query: Query<'_>) -> usize {
    query.0.len()
}

fn main() {
    let first = one(Query("a"));
    assert!(one(Query("a")) == first);
    assert_eq!(one::cache_info().hits, 1);
}
