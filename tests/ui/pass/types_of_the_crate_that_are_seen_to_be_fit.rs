//! Types of the crate are keys and values as they are declared, in whatever module and by whatever name they are known, and errors
//! are kept by none of them.
#![deny(warnings)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cached_core::memoize;
use models::{Kind as Sort, *};

mod models {
    use super::{Arc, BTreeMap, Duration};

    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct Id(pub u64);

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum Kind {
        Plain,
        Named { name: String, of: Option<Box<Kind>> },
    }

    #[derive(Clone, Debug)]
    pub struct Page<T> {
        pub items: Vec<T>,
        pub took: Duration,
        pub more: Arc<BTreeMap<&'static str, Id>>,
    }

    #[derive(Clone, Debug, PartialEq)]
    pub struct Failed(pub f64);

    /// Called like a struct, and none.
    pub type Answer = Result<Id, Failed>;
}

#[memoize]
fn page(id: Id, kinds: Vec<Sort>) -> Page<Id> {
    let _ = kinds;
    Page { items: vec![id], took: Duration::ZERO, more: Arc::default() }
}

#[memoize]
fn lent(id: &Id, kind: Option<Sort>) -> Result<Id, Failed> {
    if kind.is_none() { Err(Failed(0.5)) } else { Ok(*id) }
}

#[memoize]
fn answer(id: Id) -> Answer {
    if id.0 == 0 { Err(Failed(0.5)) } else { Ok(id) }
}

#[memoize]
async fn later(id: Id) -> Result<Page<Sort>, Failed> {
    let _ = id;
    Err(Failed(1.0))
}

#[memoize]
impl Id {
    #[memoize]
    fn next(&self, kind: &Sort) -> Id {
        let _ = kind;
        Id(self.0 + 1)
    }
}

fn main() {
    let named = Sort::Named { name: "a".to_owned(), of: Some(Box::new(Sort::Plain)) };
    let first = page(Id(1), vec![named.clone()]);
    assert!(first.items == [Id(1)] && first.took.is_zero() && first.more.is_empty());
    assert_eq!(page(Id(1), vec![named.clone()]).items, page(Id(1), vec![]).items);
    assert_eq!((page::cache_info().hits, page::cache_info().misses), (1, 2));
    for _ in 0..2 {
        assert_eq!(lent(&Id(1), None), Err(Failed(0.5)));
        assert_eq!(lent(&Id(1), Some(named.clone())), Ok(Id(1)));
        assert!(answer(Id(0)).is_err() && answer(Id(2)).is_ok());
    }
    assert_eq!((lent::cache_info().hits, lent::cache_info().misses), (1, 3));
    assert_eq!((answer::cache_info().hits, answer::cache_info().misses), (1, 3));
    assert!(pollster::block_on(later(Id(1))).is_err());
    assert!(!later::contains(Id(1)));
    assert_eq!(Id(1).next(&named), Id(2));
    assert_eq!(Id::next_cache().cache_info().misses, 1);
}
