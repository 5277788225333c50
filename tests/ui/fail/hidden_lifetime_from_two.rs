//! A hidden lifetime that could come from two arguments is the compiler's to miss.
use cached_core::memoize;

struct Token<'a>(&'a str);

#[memoize(max = 2)]
fn token(one: &str, other: &str) -> Token {
    Token(if one.is_empty() { other } else { one })
}

fn main() {
    println!("{}", token("1", "2").0);
    token::clear();
    token::invalidate("1", "2");
}
