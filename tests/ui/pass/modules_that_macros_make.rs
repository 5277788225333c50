extern crate self as me;

use cached_core::memoize;

macro_rules! made {
    ($module:ident, $name:ident) => {
        pub mod $module {
            #[derive(Clone, PartialEq, Eq, Hash)]
            pub struct $name;
        }
    };
}
made!(other, Desk);

impl other::Desk {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

macro_rules! as_it_is {
    ($($item:item)*) => { $($item)* };
}
as_it_is! {
    mod inner {
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct Shelf;
    }
}
pub use inner::Shelf;

#[memoize]
impl Shelf {
    #[memoize]
    fn size(&self) -> u32 {
        1
    }
}

mod r#mod {
    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct Raw;
    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct Own;
}
use r#mod::Raw;

trait Sized1 {
    fn size(&self) -> u32;
}

#[memoize]
impl Sized1 for Raw {
    #[memoize]
    fn size(&self) -> u32 {
        2
    }
}

#[memoize]
impl Sized1 for me::r#mod::Own {
    #[memoize]
    fn size(&self) -> u32 {
        3
    }
}

fn main() {
    assert_eq!((other::Desk.price(7), Shelf.size(), Raw.size(), r#mod::Own.size()), (7, 1, 2, 3));
    assert_eq!((Shelf::size_cache().clear(), Raw::size_cache().clear()), (1, 1));
    assert_eq!((r#mod::Own::size_cache().clear(), other::Desk::price_cache().clear()), (1, 1));
}
