//! Types with arguments that are right, in every place; some of them private, of a function that is not.
#![deny(warnings, missing_docs, missing_debug_implementations)]

use std::sync::Mutex;

use cached_core::memoize;

/// A page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Page<T: Into<String>>(T);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Query;

impl From<Query> for String {
    fn from(_: Query) -> Self {
        "query".to_owned()
    }
}

type Many<T> = [T];
type Res<T> = Result<T, String>;

/// Under another name, and of no size.
#[memoize]
pub fn many(of: &Many<u8>) -> usize {
    of.len()
}

/// As what it is, and as what is returned.
#[memoize(max = 10)]
pub fn same(of: Page<String>) -> Page<String> {
    of
}

/// In others.
#[memoize]
pub fn within(of: &[Page<&'static str>], or: Option<(Page<String>, u8)>) -> Res<Vec<Page<String>>> {
    let all = of.iter().map(|page| Page(page.0.to_owned()));
    Ok(all.chain(or.map(|pair| pair.0)).collect())
}

/// A guard, which has a lifetime that is not written, is no part of the key.
#[memoize(skip(guard))]
pub fn skipped(guard: std::sync::MutexGuard<Page<String>>, id: usize) -> usize {
    guard.0.len() + id
}

mod inner {
    use super::{Page, Query};
    use cached_core::memoize;

    #[memoize]
    pub fn text(of: Page<Query>) -> Page<Query> {
        of
    }

    #[memoize(lazy)]
    pub fn lazily(of: Page<Query>) -> Page<Query> {
        of
    }

    #[memoize(batch)]
    pub fn all(of: &[Page<Query>]) -> Vec<Page<Query>> {
        of.to_vec()
    }

    #[memoize]
    pub async fn later(of: Page<Query>) -> Page<Query> {
        of
    }
}

/// A desk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Desk(u8);

#[memoize]
impl Desk {
    /// A method.
    #[memoize(max = 10)]
    pub fn page(&self, of: Page<String>) -> Page<String> {
        Page(format!("{}{}", self.0, of.0))
    }

    #[memoize(scope = thread)]
    pub(crate) fn query(&self, of: Page<Query>) -> Page<Query> {
        of
    }
}

fn own() -> usize {
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Own<T: Into<String>>(T);

    #[memoize(companion = none)]
    fn own(of: Own<String>) -> Own<String> {
        of
    }

    own(Own("abc".into())).0.len()
}

fn page(text: &str) -> Page<String> {
    Page(text.to_owned())
}

fn main() {
    assert_eq!(many(&[1, 2]), 2);
    same::insert(page("a"), page("b"));
    assert_eq!(same(page("a")), page("b"));
    assert_eq!(same::warm([page("c"), page("a")]), 1);
    assert_eq!(within(&[Page("a")], Some((page("b"), 1))).unwrap().len(), 2);
    assert_eq!(skipped(Mutex::new(page("abc")).lock().unwrap(), 1), 4);
    assert!(inner::text::peek(Page(Query)).is_none());
    inner::text::insert(Page(Query), Page(Query));
    assert_eq!(inner::lazily(Page(Query)).force(), inner::text(Page(Query)));
    assert_eq!(inner::all(&[Page(Query)]), [inner::all::load(Page(Query))]);
    drop(inner::later(Page(Query)));
    assert_eq!(Desk(1).page(page("a")), page("1a"));
    assert_eq!(Desk::page_cache().cache_info().misses, 1);
    assert_eq!(Desk(1).query(Page(Query)), Page(Query));
    assert_eq!(own(), 3);
}
