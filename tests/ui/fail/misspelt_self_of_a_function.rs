//! Where there is no `Self`, a name like it is not found, and no more is to be said.
use cached_core::memoize;

#[memoize]
fn taken(item: Selff) -> u32 {
    1
}

#[memoize]
fn returned(id: u32) -> Option<Slef> {
    None
}

fn main() {
    taken::clear();
    returned(1);
}
