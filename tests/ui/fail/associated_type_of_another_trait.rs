//! What goes beside the function of a trait cannot tell whose type it is that another trait declares.

use cached_core::memoize;

trait Base {
    type Out;
}

trait Job: Base {
    fn run(&self, id: u32) -> Self::Out;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Base for Desk {
    type Out = u32;
}

#[memoize]
impl Job for Desk {
    #[memoize]
    fn run(&self, id: u32) -> Self::Out {
        id
    }
}

fn main() {}
