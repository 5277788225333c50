//! A name that is nearly one of those that a pattern binds.
use cached_core::memoize;

struct Path<T>(T);

#[memoize(key = (idd, name))]
fn page(Path((id, name)): Path<(u32, String)>) -> String {
    format!("{id} {name}")
}

fn main() {
    page(Path((1, "a".to_owned())));
    page::invalidate(Path((1, "a".to_owned())));
}
