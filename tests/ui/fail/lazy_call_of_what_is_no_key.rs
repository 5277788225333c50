//! A call that is put off, with an argument that is no key.
use cached_core::memoize;

struct Query;

#[memoize(lazy)]
fn price(query: &Query, id: u32) -> u32 {
    let _ = query;
    id
}

fn main() {}
