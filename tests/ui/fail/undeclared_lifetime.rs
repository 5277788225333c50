//! A lifetime that nobody declares is the compiler's to tell of, once.
use cached_core::memoize;

#[memoize]
fn length(text: &'a str) -> usize {
    text.len()
}

fn main() {
    length("a");
    length::invalidate("a");
}
