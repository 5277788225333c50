//! A trait of the standard library in the place of a type is the compiler's to tell of, once.
use std::fmt::{self, Display};

use cached_core::memoize;

struct Desk;

#[memoize]
fn show(what: Display) -> String {
    String::new()
}

#[memoize]
fn show_behind(what: &fmt::Debug, count: usize) -> String {
    String::new()
}

#[memoize]
fn found(number: usize) -> std::error::Error {
    todo!()
}

#[memoize]
impl Desk {
    #[memoize(skip(self))]
    fn show(&self, what: Display) -> String {
        String::new()
    }
}

fn main() {}
