//! An argument that holds a borrow where nobody can look.
use cached_core::memoize;

struct Query<'a> {
    text: &'a str,
}

#[memoize]
fn run(query: Query<'_>) -> usize {
    query.text.len()
}

fn main() {
    run(Query { text: "" });
    run::clear();
}
