//! Verbs that are called of a function with a mistake know its types, as far as they are right.
use cached_core::memoize;

#[derive(Clone)]
struct Query {
    id: u32,
}

#[memoize]
fn search(of: Query, page: u32) -> u32 {
    page
}

#[memoize(batch)]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    search::invalidate_if(|(of, page), _| of.id == 1 && *page > 2);
    price::load(1);
}
