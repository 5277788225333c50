//! A type parameter hides what else has its name: a trait, a type with a lifetime, an import.
use cached_core::memoize;
use std::hash::Hash;

trait T {
    fn name(&self) -> &'static str {
        "a trait"
    }
}

impl T for u8 {}

struct Row<'a>(&'a str);

trait Whole: Clone + Eq + Hash + Send + Sync + 'static {}
impl<A: Clone + Eq + Hash + Send + Sync + 'static> Whole for A {}

#[memoize]
fn like_a_trait<T: Whole>(one: &T, other: T) -> (T, T) {
    (one.clone(), other)
}

#[memoize]
fn like_a_borrow<Row: Whole>(row: Row) -> Row {
    row
}

mod imports {
    use std::fmt::Display;
    use std::path::Path;

    use super::{Whole, memoize};

    pub fn shown(path: &Path) -> Box<dyn Display + '_> {
        Box::new(path.display())
    }

    #[memoize]
    pub fn like_imports<Path: Whole, Display: Whole>(path: Path, display: Display) -> (Path, Display) {
        (path, display)
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Page<T>(T);

#[memoize]
impl<T: Whole> Page<T> {
    #[memoize]
    fn like_a_trait(&self, other: T) -> (T, T) {
        (self.0.clone(), other)
    }
}

fn main() {
    for _ in 0..2 {
        assert_eq!(like_a_trait(&1, 2), (1, 2));
        assert_eq!(like_a_borrow(3), 3);
        assert_eq!(imports::like_imports(4, 5), (4, 5));
        assert_eq!(Page(6).like_a_trait(7), (6, 7));
    }
    assert_eq!(like_a_trait::cache_info::<i32>().hits, 1);
    assert_eq!(like_a_borrow::cache_info::<i32>().hits, 1);
    assert_eq!(imports::like_imports::cache_info::<i32, i32>().hits, 1);
    assert_eq!(Page::<i32>::like_a_trait_cache().cache_info().hits, 1);
    assert_eq!((1_u8.name(), Row("a").0, imports::shown("b".as_ref()).to_string().as_str()), ("a trait", "a", "b"));
}
