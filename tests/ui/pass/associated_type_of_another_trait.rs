//! Types of `Self` that a trait declares which the block's trait asks for.

use std::fmt::Debug;
use std::hash::Hash;

use cached_core::memoize;

trait Key: Clone + Debug + Hash + Eq + Send + Sync + 'static {}
impl<T: Clone + Debug + Hash + Eq + Send + Sync + 'static> Key for T {}

trait Base {
    type Out: Default;
    const SIZE: usize;
}

trait Job: Base {
    type Error;

    fn head(&self, id: Self::Out) -> Result<Self::Out, Self::Error>;
    fn body(id: u32) -> u32;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Base for Desk {
    type Out = u32;
    const SIZE: usize = 2;
}

#[memoize]
impl Job for Desk {
    type Error = String;

    #[memoize]
    fn head(&self, id: Self::Out) -> Result<Self::Out, Self::Error> {
        let sizes: [u8; Self::SIZE] = [1; Self::SIZE];
        Ok(id + u32::from(sizes[0]) + Self::Out::default())
    }

    #[memoize]
    fn body(id: u32) -> u32 {
        let one: Self::Out = id;
        one + Self::SIZE as u32
    }
}

mod of_parameters {
    use super::Key;

    trait Hidden<'a, T> {
        type Out;
    }

    pub(super) struct Desk<T>(T);

    impl<T> Hidden<'_, T> for Desk<T> {
        type Out = T;
    }

    trait Job<'a, T, K: Key, const N: usize>: Hidden<'a, T> {
        fn first(&self, keys: [K; N]) -> Option<Self::Out>;
    }

    #[super::memoize]
    impl<'a, T: Key, K: Key, const N: usize> Job<'a, T, K, N> for Desk<T>
    where
        Desk<T>: Sized,
    {
        #[memoize(skip(self))]
        fn first(&self, keys: [K; N]) -> Option<Self::Out> {
            (!keys.is_empty()).then(|| self.0.clone())
        }
    }

    pub(super) fn firsts() -> [Option<u8>; 3] {
        [Desk(1).first([true]), Desk(2).first([true]), Desk(3).first([false])]
    }
}

struct Count(u8);

impl Iterator for Count {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        Some(self.0)
    }
}

trait Nth: Iterator {
    fn nth_of(n: u8) -> Option<Self::Item>;
}

fn main() {
    #[memoize]
    impl Nth for Count {
        #[memoize]
        fn nth_of(n: u8) -> Option<Self::Item> {
            Self(n).next()
        }
    }

    assert_eq!((Desk.head(1), Desk::body(1), Desk::body(1)), (Ok(2), 3, 3));
    assert_eq!(Desk::body_cache().cache_info().hits, 1);
    assert_eq!(of_parameters::firsts(), [Some(1), Some(1), Some(3)]);
    assert_eq!((Count::nth_of(3), Count::nth_of_cache().cache_info().misses), (Some(3), 1));
}
