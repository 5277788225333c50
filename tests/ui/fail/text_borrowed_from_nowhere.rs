//! Of a lifetime that comes from nowhere the compiler speaks.
use cached_core::memoize;

use std::borrow::Cow;

#[memoize]
fn name(id: u32) -> Cow<str> {
    Cow::Owned(id.to_string())
}

fn main() {
    name(1);
    name::clear();
}
