//! A returned type whose lifetime is not written and could come from nothing is the compiler's to tell of, once.
use cached_core::memoize;

#[derive(Clone)]
struct Word<'a>(&'a str);

#[memoize]
fn first(number: usize) -> Option<Word> {
    None
}

#[memoize]
fn letters(number: usize) -> std::str::Chars {
    "a".chars()
}

fn main() {
    first(1);
    letters(1);
}
