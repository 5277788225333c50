//! A tag that speaks of a part of an argument that the key leaves out.
use cached_core::memoize;

struct Path<T>(T);

#[memoize(key = id, tags = ["name:{name}"])]
fn page(Path((id, name)): Path<(u32, String)>) -> String {
    format!("{id} {name}")
}

fn main() {
    page(Path((1, "a".to_owned())));
}
