//! `impl<T> Held` for `impl<T> Held<T>`: that is what is said, and nothing about `T`.

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Held<T>(T);

impl<T> Held {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

#[memoize]
impl<T> Held {
    #[memoize]
    fn cost(&self, id: u32) -> u32 {
        id
    }
}

fn main() {
    Held(1).price(1);
}
