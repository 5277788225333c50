//! Traits of one's own that are called `Future` and `Iterator`: an `Arc` of one can be kept.

use std::sync::Arc;

use cached_core::memoize;

mod farm {
    pub(crate) trait Iterator: Send + Sync {
        fn months(&self) -> u32;
    }

    impl Iterator for u32 {
        fn months(&self) -> u32 {
            *self
        }
    }
}

macro_rules! make {
    ($name:ident) => {
        trait $name: Send + Sync {
            fn days(&self) -> u32;
        }
    };
}
make!(Future);

impl Future for u32 {
    fn days(&self) -> u32 {
        *self
    }
}

#[memoize]
fn future(id: u32) -> Arc<dyn Future> {
    Arc::new(id)
}

#[memoize]
fn iterator(id: u32) -> Arc<dyn farm::Iterator> {
    Arc::new(id)
}

fn main() {
    assert_eq!((future(1).days(), iterator(2).months()), (1, 2));
}
