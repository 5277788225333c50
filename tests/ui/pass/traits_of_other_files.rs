//! Traits whose blocks stand in another file than they do: a file of a module in braces, and the one around it.

use cached_core::memoize;

trait Shape {
    fn corners(&self) -> u32;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Drawn<T: Shape>(T);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Square;

mod traits_of_files {
    pub mod square;
}

impl traits_of_files::square::Name for Square {
    fn name(&self) -> String {
        "square".to_owned()
    }
}

#[memoize(max = 10)]
fn corners(of: Drawn<Square>) -> u32 {
    of.0.corners()
}

fn main() {
    assert_eq!(corners(Drawn(Square)), 4);
    assert_eq!(traits_of_files::square::length(traits_of_files::square::Named(Square)), 6);
}
