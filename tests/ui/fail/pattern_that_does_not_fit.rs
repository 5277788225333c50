//! A pattern that does not fit its argument, and that a key speaks of.
use cached_core::memoize;

struct Path<T>(T);

#[memoize(key = (id, name))]
fn page(Path((id, name)): Path<u32>) -> u32 {
    id
}

#[memoize(key = id)]
async fn later(Path((id, name)): Path<u32>) -> u32 {
    id
}

#[memoize(key = id)]
fn maybe(Some(id): Option<u32>) -> u32 {
    id
}

fn main() {
    page::clear();
    later::clear();
    maybe(Some(1));
}
