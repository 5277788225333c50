//! Iterators and futures, of which a cache could answer once.

use std::future::Future;
use std::pin::Pin;

use cached_core::memoize;

#[memoize]
fn digits(number: u32) -> Box<dyn Iterator<Item = u32> + Send> {
    Box::new(0..number)
}

#[memoize]
fn later(number: u32) -> impl Future<Output = u32> {
    std::future::ready(number)
}

#[memoize]
fn boxed(number: u32) -> Pin<Box<dyn Future<Output = u32> + Send>> {
    Box::pin(std::future::ready(number))
}

fn main() {
    digits(1);
    drop(later(1));
    drop(boxed(1));
    digits::clear();
}
