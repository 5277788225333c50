//! A trait of the crate for a type of another one, as a `use` brings it in: nothing can stand beside its functions, and they are memoized.
#![deny(warnings)]
use cached_core::{memoize, registry};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

trait Price {
    fn price(&self, id: u32) -> u32;
}

#[memoize]
impl<T: Send + Sync> Price for Arc<T> {
    #[memoize(skip(self), name = "shared")]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

#[memoize]
impl<T> Price for HashMap<u32, T> {
    #[memoize(skip(self))]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

mod inner {
    use super::*;

    #[memoize]
    impl<T: Send> Price for Mutex<T> {
        #[memoize(skip(self))]
        fn price(&self, id: u32) -> u32 {
            id
        }
    }
}

fn main() {
    let (one, map) = (Arc::new(1_u8), HashMap::<u32, u8>::new());
    assert_eq!(one.price(1) + one.price(1) + map.price(1) + Mutex::new(1).price(1), 4);
    assert_eq!(registry::all().iter().filter(|cache| cache.cache_info().hits == 1).count(), 1);
}
