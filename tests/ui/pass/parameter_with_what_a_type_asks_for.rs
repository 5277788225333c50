//! Types that ask for something of their parameters, and get it in one of the ways there are.

use std::fmt::Debug;
use std::hash::Hash;

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Page<Q: Clone + Debug>(Q);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Shown<Q: Shows>(Q);

trait Key: Clone + Debug + Hash + Eq + Send + Sync + 'static {}
impl<T: Clone + Debug + Hash + Eq + Send + Sync + 'static> Key for T {}

trait Shows {}
impl<T: Debug> Shows for T {}

#[memoize]
fn first<T: Copy + Debug + Hash + Eq + Send + Sync + 'static>(page: &Page<T>) -> Option<Page<T>> {
    Some(page.clone())
}

#[memoize]
fn second<T: Key>(page: Page<T>, shown: &Shown<T>) -> Page<T> {
    let _ = shown;
    page
}

impl<T> Page<T>
where
    T: Clone + Debug + 'static,
{
    #[memoize(skip(self))]
    fn third(&self, other: Page<T>) -> u32
    where
        T: Hash + Eq + Send + Sync,
    {
        let _ = other;
        3
    }
}

fn main() {
    assert!(first(&Page(1)).is_some());
    assert!(second(Page(1), &Shown(1)) == Page(1));
    assert_eq!(Page(1).third(Page(2)), 3);
}
