//! Lifetimes that what is generated does not use are no business of its user's lints.
#![deny(unused_lifetimes)]
#![allow(dead_code)]
use cached_core::memoize;

#[memoize]
fn both<'a>(one: &'a str, other: &'a str) -> usize {
    one.len() + other.len()
}

#[memoize(max = 3)]
async fn later<'a, T: Clone + std::hash::Hash + Eq + Send + Sync + 'static>(
    one: &'a T,
    other: &'a T,
) -> bool {
    one == other
}

#[memoize(lazy)]
fn late<'a>(one: &'a str) -> usize {
    one.len()
}

#[memoize(batch, skip(of))]
fn all<'a>(of: &'a str, ids: &'a [u8]) -> Vec<usize> {
    ids.iter().map(|_| of.len()).collect()
}

struct Desk;

#[memoize]
impl Desk {
    #[memoize(skip(self))]
    fn name<'a>(&'a self, one: &'a str) -> usize {
        one.len()
    }

    #[memoize]
    fn of<'a>(one: &'a str) -> usize {
        one.len()
    }
}

impl Desk {
    #[memoize(skip(self))]
    fn alone<'a>(&'a self, one: &'a str) -> usize {
        one.len()
    }
}

fn main() {
    assert_eq!(both("a", "b") + late("c").force() + all("d", &[1])[0], 4);
    assert_eq!(Desk.name("a") + Desk::of("b") + Desk.alone("c"), 3);
}
