use std::borrow::Cow;

use cached_core::memoize;

#[memoize]
fn length(text: Cow<'_, str>, other: Option<&str>) -> usize {
    text.len() + other.map_or(0, str::len)
}

fn main() {
    length("a".into(), None);
}
