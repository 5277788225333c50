//! Arguments that borrow for a lifetime of the block, or for one that a bound or another argument ties down: nothing that lives shorter
//! can be lent to them, so what loads ahead is given what lives for ever.
#![deny(warnings)]
#![allow(dead_code)]
use cached_core::{Memo, memoize};
use std::sync::Mutex;

struct Parser<'a> {
    text: &'a str,
    widths: Memo<String, usize>,
}

impl<'a> Parser<'a> {
    #[memoize(skip(self))]
    fn width(&self, word: &'a str) -> usize {
        word.len() + self.text.len()
    }

    #[memoize(skip(self), ttl = 60s, refresh_after = 30s)]
    fn again(&'a self, word: &'a [u8]) -> usize {
        word.len() + self.text.len()
    }

    #[memoize(in = self.widths)]
    async fn later(&self, word: &'a str) -> usize {
        word.len() + self.text.len()
    }
}

#[memoize]
impl<'a> Parser<'a> {
    #[memoize]
    fn of(word: &'a str) -> usize {
        word.len()
    }
}

#[memoize]
fn text<'a>(word: &'a str) -> String
where
    &'a str: Into<String>,
{
    word.into()
}

#[memoize(skip(all))]
fn first<'a>(all: &Mutex<Vec<&'a str>>, word: &'a str) -> usize {
    let mut all = all.lock().unwrap();
    all.push(word);
    all.len()
}

trait Visit<'a> {
    #[memoize(skip(self))]
    fn visit(&self, word: &'a str) -> usize
    where
        Self: 'static,
    {
        word.len()
    }
}

impl Visit<'_> for u8 {}

fn main() {
    let words = String::from("a bc");
    let parser = Parser { text: &words, widths: Memo::new() };
    let word = words.split(' ').next_back().unwrap();
    assert_eq!((parser.width(word), parser.width(word), Parser::width_cache().cache_info().hits), (6, 6, 1));
    assert_eq!(parser.again(word.as_bytes()) + Parser::of(word), 8);
    assert_eq!(text(word) + &text(word), "bcbc");
    assert_eq!(text::warm(["x"]), 1);
    assert_eq!(first(&Mutex::default(), word) + 1_u8.visit(word), 3);
    drop(parser.later(word));
}
