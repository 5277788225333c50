//! A derive that is misspelt is told of where it stands, and not once more by each function that misses it.
use cached_core::memoize;

#[derive(Cone, PartialEq, Eq, Hash)]
pub struct Query {
    id: u32,
}

#[memoize]
fn price(query: &Query, others: Vec<Query>) -> u32 {
    query.id + others.len() as u32
}

impl Query {
    #[memoize]
    fn again(&self) -> Option<u32> {
        Some(self.id)
    }
}

fn main() {
    let query = Query { id: 1 };
    price(&query, vec![]);
    price::invalidate(&query, vec![]);
    query.again();
    Query::again_cache().clear();
}
