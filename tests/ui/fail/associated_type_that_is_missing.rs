//! A type that the block of a trait does not declare.

use std::str::FromStr;

use cached_core::memoize;

#[derive(Clone)]
struct Id(u32);

#[memoize]
impl FromStr for Id {
    #[memoize]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Id(1))
    }
}

trait Job {
    type Out;

    fn run(&self, id: u32) -> Self::Out;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

#[memoize]
impl Job for Desk {
    type Out = u32;

    #[memoize]
    fn run(&self, id: u32) -> Self::Outt {
        id
    }
}

trait Other: Job {
    fn other(&self, id: u32) -> Self::Out;
}

#[memoize]
impl Other for Desk {
    #[memoize]
    fn other(&self, id: u32) -> Self::Uot {
        id
    }
}

fn main() {}
