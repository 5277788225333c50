//! What is in a hole is known, can be shown, and an expression makes a tag.
use cached_core::memoize;

#[memoize(tags = ["user:{idd}"])]
fn unknown(id: u64) -> u64 {
    id
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Id(u64);

#[memoize(tags = ["user:{id}"])]
fn not_shown(id: Id) -> u64 {
    id.0
}

#[memoize(tags = [id])]
fn no_tag(id: u64) -> u64 {
    id
}

fn main() {
    unknown(1);
    not_shown(Id(1));
    no_tag(1);
}
