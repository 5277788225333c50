//! A lifetime that a type has no more: what it was for is not there to be told of.

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Word(u8);

#[memoize]
fn by_reference(word: &Word<'_>) -> u8 {
    word.0
}

#[memoize]
fn returned(text: &str) -> Word<'_> {
    Word(text.len() as u8)
}

#[memoize(batch)]
fn several(words: &[Word<'_>]) -> Vec<u8> {
    words.iter().map(|word| word.0).collect()
}

impl<'a> Word<'a> {
    #[memoize]
    fn length(&self, from: u8) -> u8 {
        self.0 - from
    }
}

fn main() {
    by_reference::clear();
    returned::clear();
    several::clear();
}
