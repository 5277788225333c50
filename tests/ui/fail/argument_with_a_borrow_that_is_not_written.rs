//! The same where the lifetime of a type is not written, as far as the module shows that it has one.
use cached_core::memoize;

struct Query<'a> {
    text: &'a str,
}

#[memoize]
fn search(query: Query) -> usize {
    query.text.len()
}

#[memoize]
fn search_all(queries: &[Query]) -> usize {
    queries.len()
}

#[memoize]
fn parse(text: &str) -> Query {
    Query { text }
}

fn main() {
    search(Query { text: "a" });
    search_all(&[]);
    search::clear();
}
