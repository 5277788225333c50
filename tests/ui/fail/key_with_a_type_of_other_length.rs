//! A key whose type has more parts than the key.
use cached_core::memoize;

#[memoize(key = (id, name) as (u32, String, u8))]
fn page((id, name): (u32, String), n: u8) -> String {
    format!("{id} {name} {n}")
}

fn main() {
    page((1, "a".to_owned()), 2);
    page::invalidate((1, "a".to_owned()), 2);
}
