//! What a returned borrow borrows from is nobody's question, where it cannot be kept anyway.
use cached_core::memoize;

#[memoize]
fn name(id: u8) -> &str {
    ["one", "two"][usize::from(id)]
}

#[memoize]
fn longer(one: &str, other: &str) -> Option<&str> {
    [one, other].into_iter().max_by_key(|text| text.len())
}

#[memoize]
async fn first() -> &u8 {
    &1
}

fn main() {
    name(1);
    name::invalidate(1);
    longer("a", "b");
    drop(first());
}
