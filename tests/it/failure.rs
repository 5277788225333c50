//! Errors and panics: never kept, and nobody else's fate.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};

use cached_core::{memoize, testing};
use tests::{hit, miss};

/// Cannot be cloned: an error need not be.
#[derive(Debug, PartialEq)]
struct Broken(u32);

#[memoize]
fn parse(text: &str) -> Result<u32, Broken> {
    text.parse().map_err(|_| Broken(0))
}

#[test]
fn a_result_keeps_only_ok() {
    let _scope = testing::isolate();
    miss!(parse("x") => Err(Broken(0)));
    miss!(parse("x") => Err(Broken(0)));
    miss!(parse("7") => Ok(7));
    hit!(parse("7") => Ok(7));
    let info = parse::cache_info();
    assert_eq!((info.loads, info.load_failures, info.len), (1, 2, 1));
}

#[test]
fn what_is_kept_of_a_result_is_the_ok_value() {
    let _scope = testing::isolate();
    parse::insert("8", 80);
    hit!(parse("8") => Ok(80));
    assert_eq!(parse::peek("8"), Some(80_u32));
    assert_eq!(parse::cache().peek("8"), Some(80_u32));
}

type Fallible<T> = Result<T, Broken>;
type Answer = Fallible<u8>;

#[memoize]
fn by_alias(ok: bool) -> Answer {
    if ok { Ok(1) } else { Err(Broken(1)) }
}

#[memoize]
fn by_io_alias(ok: bool) -> std::io::Result<u8> {
    if ok { Ok(1) } else { Err(std::io::Error::other("no")) }
}

#[test]
fn a_result_is_known_by_its_type_whatever_it_is_called() {
    let _scope = testing::isolate();
    miss!(by_alias(false) => Err(Broken(1)));
    miss!(by_alias(false) => Err(Broken(1)));
    miss!(by_alias(true) => Ok(1));
    hit!(by_alias(true) => Ok(1));
    assert_eq!(by_alias::peek(true), Some(1_u8));
    for _ in 0..2 {
        assert!(by_io_alias(false).is_err());
        assert!(by_io_alias(true).is_ok());
    }
    let info = by_io_alias::cache_info();
    assert_eq!((info.hits, info.misses, info.load_failures), (1, 3, 2));
}

mod other {
    /// Not the one of the standard library: a value like any other.
    #[derive(Clone, Debug, PartialEq)]
    pub(super) enum Result {
        Err(u8),
    }
}

#[memoize]
fn namesake(n: u8) -> other::Result {
    other::Result::Err(n)
}

#[test]
fn a_type_that_is_only_called_result_is_kept_whole() {
    let _scope = testing::isolate();
    miss!(namesake(1) => other::Result::Err(1));
    hit!(namesake(1) => other::Result::Err(1));
}

#[memoize]
fn find(id: u32) -> Option<u32> {
    (id > 0).then_some(id)
}

#[test]
fn none_is_a_value_and_is_kept() {
    let _scope = testing::isolate();
    miss!(find(0) => None);
    hit!(find(0) => None);
    assert_eq!(find::peek(0), Some(None));
}

#[test]
fn a_failed_refresh_leaves_the_old_value() {
    static DOWN: AtomicU32 = AtomicU32::new(0);
    #[memoize]
    fn load(id: u32) -> Result<u32, Broken> {
        if DOWN.load(Ordering::Relaxed) == 0 { Ok(id) } else { Err(Broken(id)) }
    }
    let _scope = testing::isolate();
    miss!(load(3) => Ok(3));
    DOWN.store(1, Ordering::Relaxed);
    assert_eq!(load::refresh(3), Err(Broken(3)));
    hit!(load(3) => Ok(3));
}

#[test]
fn a_panic_reaches_the_caller_and_the_key_works_afterwards() {
    static ARMED: AtomicU32 = AtomicU32::new(1);
    #[memoize]
    fn fragile(n: u32) -> u32 {
        assert!(ARMED.swap(0, Ordering::Relaxed) == 0, "boom");
        n
    }
    let _scope = testing::isolate();
    let panic = catch_unwind(|| fragile(1)).unwrap_err();
    assert!(panic.downcast_ref::<&str>().is_some_and(|text| text.contains("boom")));
    miss!(fragile(1) => 1);
    hit!(fragile(1) => 1);
    let info = fragile::cache_info();
    assert_eq!((info.loads, info.load_failures, info.misses), (1, 1, 2));
}

#[test]
fn a_panic_in_a_refresh_leaves_the_old_value() {
    static ARMED: AtomicU32 = AtomicU32::new(0);
    #[memoize]
    fn fragile(n: u32) -> u32 {
        assert!(ARMED.load(Ordering::Relaxed) == 0, "boom");
        n
    }
    let _scope = testing::isolate();
    fragile(1);
    ARMED.store(1, Ordering::Relaxed);
    assert!(catch_unwind(AssertUnwindSafe(|| fragile::refresh(1))).is_err());
    hit!(fragile(1) => 1);
}

/// A `Result` by another name, with an error that cannot be cloned.
mod renamed {
    use std::io;
    use std::result::Result as StdResult;

    use super::*;

    #[memoize]
    pub fn parsed(text: &str) -> StdResult<u32, io::Error> {
        text.parse().map_err(|_| io::Error::other(text.to_owned()))
    }

    #[memoize(ttl = 60s)]
    pub async fn awaited(id: u32) -> StdResult<u32, io::Error> {
        if id == 0 { Err(io::Error::other("zero")) } else { Ok(id) }
    }
}

#[test]
fn a_result_may_be_imported_by_another_name() {
    let _scope = testing::isolate();
    assert_eq!((renamed::parsed("1").ok(), renamed::parsed("1").ok()), (Some(1), Some(1)));
    assert!(renamed::parsed("a").is_err() && renamed::parsed("a").is_err());
    assert_eq!((renamed::parsed::cache_info().hits, renamed::parsed::cache_info().len), (1, 1));
    assert!(pollster::block_on(renamed::awaited(0)).is_err());
    assert_eq!(pollster::block_on(renamed::awaited(1)).ok(), Some(1));
    assert_eq!(renamed::awaited::cache_info().len, 1);
}
