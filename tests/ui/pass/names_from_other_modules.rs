//! Types and traits that are declared elsewhere, and are fit.
use std::collections::HashMap;
use std::hash::Hash;
use std::path::*;

use cached_core::memoize;
use shop::{Id as Number, *};

mod shop {
    pub use self::deep::{Item, Metric};
    pub type Id = u32;
    pub type Short<'a> = &'a str;
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    pub struct Of<const N: usize>;
    pub const WIDE: usize = 3;

    mod deep {
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        pub struct Item(pub u32);
        pub trait Metric: super::super::Unit + Eq + std::hash::Hash {}
        impl Metric for u8 {}
    }
}
trait Unit: Clone + Send + Sync + 'static {}
impl Unit for u8 {}

#[memoize]
fn of_items(item: Item, all: &[Item], number: Number, path: &Path) -> HashMap<u32, Vec<Item>> {
    HashMap::from([(number, [all, &[item]].concat()), (0, vec![Item(path.as_os_str().len() as u32)])])
}

#[memoize]
fn of_a_metric<T: Metric>(unit: T, of: Of<WIDE>, nested: Option<Item>) -> Vec<T> {
    vec![unit; usize::from(nested.is_some()) + size_of_val(&of)]
}

#[memoize(key = text.len())]
fn of_an_alias(text: Short<'_>) -> usize {
    text.len()
}

mod tests {
    use super::*;

    #[memoize]
    pub(super) fn inside<T: Hash + super::Metric>(one: shop::Item, of: T) -> (Item, T) {
        (one, of)
    }
}

fn main() {
    of_items(Item(1), &[], 7, Path::new("a"));
    assert_eq!(of_a_metric(1_u8, Of, Some(Item(3))), [1]);
    assert_eq!(of_an_alias("abc"), 3);
    assert_eq!(tests::inside(Item(1), 2_u8), (Item(1), 2));
    assert!(tests::inside::contains(Item(1), 2_u8));
}
