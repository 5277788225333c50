//! A trait is memoized by its default methods.
use cached_core::memoize;

#[memoize]
trait Rates {
    fn rate(&self) -> f64;
}

fn main() {}
