//! A method without a companion says itself what its parameters are not fit for.
use cached_core::memoize;
use std::fmt::Binary as Metric;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Desk {
    #[memoize(companion = none)]
    fn by_reference<T: Metric + 'static>(&self, unit: &T) -> usize {
        size_of_val(unit)
    }

    #[memoize(companion = none)]
    fn by_value<T: Metric + 'static>(&self, unit: T) -> usize {
        size_of_val(&unit)
    }
}

impl<T> std::ops::Shl<Option<&T>> for Desk {
    type Output = usize;

    #[memoize(companion = none)]
    fn shl(self, unit: Option<&T>) -> usize {
        size_of_val(&unit)
    }
}

#[memoize]
impl<T: std::fmt::LowerHex> std::ops::Shr<T> for Desk {
    type Output = usize;

    #[memoize(companion = none)]
    fn shr(self, unit: T) -> usize {
        size_of_val(&unit)
    }
}

fn main() {}
