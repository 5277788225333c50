//! A key of a type of one's own that borrows: a cache keeps it.

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Named<'a>(&'a str, &'a str);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Asked<'a> {
    text: &'a str,
    page: u32,
}

#[memoize(key = Named(first, last))]
fn greeting(first: &str, last: &str) -> String {
    format!("{first} {last}")
}

#[memoize(key = (page, Asked { text, page }))]
fn found(text: &str, page: u32) -> String {
    format!("{text} {page}")
}

fn main() {
    greeting::invalidate("a", "b");
    found::clear();
}
