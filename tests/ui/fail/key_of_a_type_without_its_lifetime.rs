//! What a key is told from goes to the companion as well, where no lifetime can be left out.
use cached_core::memoize;

mod lexers {
    pub struct Parser<'a>(pub &'a str);
}
use lexers::Parser;

#[memoize(key = parser.0.len())]
fn parsed(parser: Parser) -> usize {
    parser.0.len()
}

fn main() {
    parsed(Parser("a"));
}
