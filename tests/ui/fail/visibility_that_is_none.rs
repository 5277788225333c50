//! What is wrong with a visibility the compiler says.
use cached_core::memoize;

#[memoize]
pub(crat) fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
    price::clear();
}
