//! A text that may be borrowed, whose lifetime is not written.
use std::borrow::Cow;

use cached_core::memoize;

#[memoize]
fn escaped(text: &str) -> Cow<str> {
    Cow::Borrowed(text)
}

fn main() {
    escaped("a");
    escaped::clear();
}
