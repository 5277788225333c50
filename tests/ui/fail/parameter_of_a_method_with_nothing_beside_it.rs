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

fn main() {}
