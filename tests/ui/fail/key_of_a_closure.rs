//! The key speaks of the parameters by itself.
use cached_core::memoize;

#[memoize(key = |text: &str| text.len())]
fn length(text: &str) -> usize {
    text.len()
}

fn main() {
    length("a");
}
