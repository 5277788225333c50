//! What goes beside the function of a trait cannot tell whose type with arguments it is that another trait declares.

use cached_core::memoize;

trait Base {
    type Out<T>;
}

trait Job: Base {
    fn run(&self, id: u32) -> Self::Out<u32>;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Base for Desk {
    type Out<T> = T;
}

#[memoize]
impl Job for Desk {
    #[memoize]
    fn run(&self, id: u32) -> Self::Out<u32> {
        id
    }
}

fn main() {}
