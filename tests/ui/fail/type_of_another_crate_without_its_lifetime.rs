//! A type of another crate whose lifetime is not written, which is right in the head of a function alone: told once, where it is to be written.

use cached_core::memoize;
use tracing::Metadata;

#[memoize]
fn length(of: &Metadata) -> usize {
    of.name().len()
}

#[memoize(key = of.name().to_owned(), ttl = 60s)]
fn length_of_name(of: &Metadata) -> usize {
    of.name().len()
}

#[memoize(skip(of))]
fn sum(of: &Metadata, id: usize) -> usize {
    id + of.name().len()
}

#[memoize]
fn with_parameter<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(of: &Metadata, id: T) -> usize {
    let _ = id;
    of.name().len()
}

#[memoize(batch)]
fn lengths(all: &[Metadata]) -> Vec<usize> {
    all.iter().map(|of| of.name().len()).collect()
}

fn main() {
    length::clear();
    length_of_name::clear();
    sum::clear();
}
