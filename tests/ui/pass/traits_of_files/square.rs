use cached_core::memoize;

use crate::{Shape, Square};

pub trait Name {
    fn name(&self) -> String;
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Named<T: Name>(pub T);

impl Shape for Square {
    fn corners(&self) -> u32 {
        4
    }
}

#[memoize(max = 10)]
pub fn length(of: Named<Square>) -> usize {
    of.0.name().len()
}
