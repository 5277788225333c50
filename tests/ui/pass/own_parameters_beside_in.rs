//! What a method is passed and leaves out of the key may be of any type, also where the cache is the instance's.
#![deny(warnings)]

use cached_core::{Memo, memoize};

#[derive(Default)]
struct Parser {
    words: Memo<String, usize>,
    lines: Memo<u8, usize>,
}

impl Parser {
    #[memoize(in = self.words, skip(count))]
    fn words<F: Fn(&str) -> usize + 'static>(&self, text: &str, count: F) -> usize {
        count(text)
    }
}

#[memoize]
impl Parser {
    #[memoize(in = self.lines, skip(_table))]
    fn lines<const N: usize>(&self, line: u8, _table: &[u8; N]) -> usize {
        usize::from(line)
    }
}

fn main() {
    let parser = Parser::default();
    assert_eq!(parser.words("one", |text| text.len()), 3);
    assert_eq!(parser.words("one", |_| 7), 3);
    assert_eq!(parser.words_uncached("one", |_| 7), 7);
    assert_eq!(parser.lines(2, &[1, 2]) + parser.lines(2, &[1]), 4);
    assert_eq!(parser.words_cache().cache_info().hits, 1);
    assert_eq!(parser.lines_cache().cache_info().hits, 1);
}
