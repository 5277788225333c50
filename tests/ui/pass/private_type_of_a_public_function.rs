//! A type that is less seen than the function is what a lint speaks of, once, and nothing that is refused.
#![deny(warnings)]

use std::collections::HashMap;

use cached_core::memoize;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Query(u32);

pub struct Desk;

#[expect(private_interfaces)]
#[memoize]
pub fn price(query: Query) -> u32 {
    query.0
}

#[memoize(max = 10, ttl = 60s)]
#[expect(private_interfaces)]
pub fn found(queries: &[Query], _currency: &str) -> Option<Query> {
    queries.first().cloned()
}

#[expect(private_interfaces)]
#[memoize(companion = rate_cache)]
pub fn rate(query: Option<&Query>) -> Result<Query, Query> {
    query.cloned().ok_or(Query(0))
}

#[expect(private_interfaces)]
#[memoize]
pub fn named<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(query: Query, _by: T) -> Query {
    query
}

#[expect(private_interfaces)]
#[memoize]
pub async fn fetched(query: &Query) -> Query {
    query.clone()
}

#[expect(private_interfaces)]
#[memoize(lazy)]
pub fn later(query: Query) -> Query {
    query
}

#[expect(private_interfaces)]
#[memoize(scope = thread)]
pub fn here(query: Query) -> Query {
    query
}

#[expect(private_interfaces)]
#[memoize(scope = request)]
pub fn asked(query: Query) -> Query {
    query
}

#[expect(private_interfaces)]
#[memoize(batch)]
pub fn many(queries: &[Query]) -> HashMap<Query, Query> {
    queries.iter().map(|query| (query.clone(), query.clone())).collect()
}

#[memoize]
impl Desk {
    #[expect(private_interfaces)]
    #[memoize(skip(self))]
    pub fn price(&self, query: Query) -> Query {
        query
    }
}

#[allow(private_interfaces)]
pub mod silent {
    use super::{Query, memoize};

    #[memoize]
    pub fn price(query: Query) -> Query {
        query
    }
}

fn main() {
    assert_eq!(price(Query(7)), 7);
    assert_eq!(price::warm([Query(7), Query(8)]), 1);
    assert_eq!(found(&[Query(7)], "EUR"), Some(Query(7)));
    assert!(found::invalidate(&[Query(7)], "EUR"));
    assert_eq!(rate(Some(&Query(7))), Ok(Query(7)));
    assert_eq!(rate_cache::clear(), 1);
    assert_eq!(named(Query(7), 1), Query(7));
    drop(fetched(&Query(7)));
    assert_eq!(later(Query(7)).force(), Query(7));
    assert_eq!(here(Query(7)), Query(7));
    assert_eq!(asked(Query(7)), Query(7));
    assert_eq!(many(&[Query(7)]).len(), 1);
    assert_eq!(Desk.price(Query(7)), Query(7));
    assert_eq!(silent::price(Query(7)), Query(7));
    silent::price::clear();
}
