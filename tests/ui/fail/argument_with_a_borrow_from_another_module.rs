//! A lifetime that is left out is seen also where the type is declared elsewhere in the crate.
use cached_core::memoize;
use lexers::{Token as Word, line::*};

mod lexers {
    pub mod line {
        pub struct Parser<'a>(pub &'a str);
    }
    pub use self::tokens::Token;
    mod tokens {
        pub struct Token<'a>(pub &'a str);
    }
}

#[memoize]
fn parsed(parser: Parser) -> usize {
    parser.0.len()
}

#[memoize]
fn named<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(kind: T, word: Option<Word>) -> usize {
    word.map_or(0, |word| word.0.len())
}

#[memoize]
fn by_path(token: &crate::lexers::Token) -> usize {
    token.0.len()
}

#[memoize(batch)]
fn all(words: &[Word]) -> Vec<usize> {
    words.iter().map(|word| word.0.len()).collect()
}

#[memoize(skip(parser), lazy)]
fn later(id: u32, parser: Parser) -> usize {
    parser.0.len()
}

#[memoize]
fn returned(text: &str) -> Parser {
    Parser(text)
}

// Of what is awaited the compiler asks for it itself.
#[memoize]
async fn awaited(word: Word) -> usize {
    word.0.len()
}

fn main() {}
