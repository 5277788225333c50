//! The compiler says that nobody declares the lifetime; that what has one cannot be stored in a key can wait.

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Name<'a>(&'a str);

#[memoize]
fn length(of: Name<'n>) -> usize {
    of.0.len()
}

fn main() {}
