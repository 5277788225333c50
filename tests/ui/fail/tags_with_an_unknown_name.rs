//! What is in a hole is known, and can be shown.
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

fn main() {
    unknown(1);
    not_shown(Id(1));
}
