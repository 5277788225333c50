//! The companion has the function's name, and so nothing in it can speak of a parameter of that name.

use std::hash::Hash;

use cached_core::memoize;

#[memoize]
#[allow(non_camel_case_types)]
fn id<id: Clone + Hash + Eq + Send + Sync + 'static>(of: id) -> u32 {
    1
}

fn main() {
    id(1);
    id::clear::<u32>();
}
