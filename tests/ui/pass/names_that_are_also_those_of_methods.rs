//! A function is called like a method of another type that its body calls with arguments of types.
#![deny(warnings)]

use cached_core::memoize;

#[memoize(skip(of))]
fn sum<I: IntoIterator<Item = u32> + 'static>(of: I, more: u32) -> u32 {
    of.into_iter().sum::<u32>() + more
}

#[memoize]
fn parse(text: &str) -> u32 {
    if text.len() > 3 { parse::uncached(&text[..3]) } else { text.parse::<u32>().unwrap_or_default() }
}

#[memoize]
fn fs(path: &str) -> bool {
    use std::fs;
    fs::metadata(path).is_ok()
}

fn main() {
    assert!(!fs("no such file"));
    assert_eq!(sum(vec![1, 2], 3), 6);
    assert_eq!(parse("1234"), 123);
}
