//! A type of the standard library whose lifetime is not written is a borrow like any other.
use std::str::Chars;

use cached_core::memoize;

struct Desk;

#[memoize]
fn length(letters: Chars) -> usize {
    letters.count()
}

#[memoize]
fn letters(text: &str) -> std::str::Chars {
    text.chars()
}

impl Desk {
    #[memoize(skip(self))]
    fn length(&self, letters: Option<std::str::Chars>) -> usize {
        letters.map_or(0, Iterator::count)
    }
}

fn main() {
    length("a".chars());
    letters("a");
    Desk.length(None);
}
