//! What users of memoizers ask for, as far as the shape of a function is concerned: one test for each wish.

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cached_core::{Memo, memoize, testing};
use tests::{hit, miss};

/// It can neither be copied nor compared, and says how often it was asked.
#[derive(Default)]
struct Pool(AtomicU64);

impl Pool {
    fn ask(&self, id: u32) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed);
        u64::from(id) * 2
    }
}

#[derive(Default)]
struct Shop {
    pool: Arc<Pool>,
    prices: Memo<u32, u64>,
}

trait Pricing {
    fn cost(&self, id: u32) -> u64;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(u64);

impl Shop {
    #[memoize(in = self.prices)]
    fn price(&self, id: u32) -> u64 {
        self.pool.ask(id)
    }

    #[memoize(skip(self))]
    fn of_all(&self, id: u32) -> u64 {
        self.pool.ask(id)
    }
}

#[memoize]
impl Pricing for Desk {
    #[memoize]
    fn cost(&self, id: u32) -> u64 {
        self.0 + u64::from(id)
    }
}

#[test]
fn methods_with_self_handled_on_purpose_and_no_leak_of_instances() {
    let _scope = testing::isolate();
    let (one, other) = (Shop::default(), Shop::default());
    assert_eq!((one.price(1), one.price(1), other.price(1)), (2, 2, 2));
    assert_eq!((one.pool.0.load(Ordering::Relaxed), other.pool.0.load(Ordering::Relaxed)), (1, 1));
    assert_eq!((one.of_all(7), other.of_all(7)), (14, 14));
    assert_eq!(other.pool.0.load(Ordering::Relaxed), 1, "one cache for all instances");
    assert_eq!((Desk(1).cost(1), Desk(2).cost(1), Desk(1).cost(1)), (2, 3, 2));
    let pool = Arc::downgrade(&one.pool);
    drop(one);
    assert!(pool.upgrade().is_none(), "no cache holds the instance");
}

#[memoize(skip(pool))]
fn asked(pool: &Pool, id: u32) -> u64 {
    pool.ask(id)
}

#[memoize(key = (name.to_lowercase()))]
fn folded(pool: &Pool, name: &str) -> u64 {
    pool.ask(name.len() as u32)
}

#[test]
fn leave_an_argument_out_or_say_the_key_and_no_clone_of_a_pool() {
    let _scope = testing::isolate();
    let pool = Pool::default();
    assert_eq!((asked(&pool, 1), asked(&Pool::default(), 1)), (2, 2));
    assert_eq!((folded(&pool, "EUR"), folded(&pool, "eur")), (6, 6));
    assert_eq!(pool.0.load(Ordering::Relaxed), 2);
}

#[memoize]
fn size<T: Hash + Eq + Clone + Send + Sync + 'static>(value: T) -> usize {
    let _ = value;
    size_of::<T>()
}

#[test]
fn generics_have_a_memo_for_each_monomorphisation() {
    let _scope = testing::isolate();
    assert_eq!((size(1_u8), size(1_u64), size(1_u8)), (1, 8, 1));
    assert_eq!((size::cache_info::<u8>().hits, size::cache_info::<u64>().hits), (1, 0));
}

#[memoize]
fn length(text: &str, parts: &[&str], last: Option<&str>) -> usize {
    text.len() + parts.len() + last.map_or(0, str::len)
}

#[test]
fn borrowed_arguments_are_looked_up_as_they_are() {
    let _scope = testing::isolate();
    let text = String::from("ab");
    miss!(length("ab", &["c"], None) => 3);
    hit!(length(&text, &["c"], None) => 3);
    miss!(length("ab", &["c"], Some("d")) => 4);
}

#[test]
fn one_entry_is_invalidated_through_the_function() {
    let _scope = testing::isolate();
    let (text, parts) = ("ab", ["c"]);
    length(text, &parts, None);
    length(text, &[], None);
    assert!(length::invalidate(text, &parts, None) && !length::invalidate(text, &parts, None));
    assert!(length::contains(text, &[], None));
}

type Answer<T> = std::result::Result<T, String>;

#[memoize]
fn answer(fails: bool) -> Answer<u8> {
    if fails { Err("no".to_owned()) } else { Ok(1) }
}

#[test]
fn errors_are_not_kept_by_surprise_whatever_the_type_is_called() {
    let _scope = testing::isolate();
    assert!(answer(true).is_err() && answer(true).is_err());
    assert_eq!((answer::cache_info().hits, answer::cache_info().len), (0, 0));
    assert_eq!((answer(false), answer(false), answer::cache_info().hits), (Ok(1), Ok(1), 1));
}

/// Says what it is for, and is used as if nothing stood on it.
#[memoize]
#[must_use]
fn documented(id: u32, name: &str) -> u64 {
    u64::from(id) + name.len() as u64
}

#[test]
fn the_signature_is_kept() {
    let _scope = testing::isolate();
    let pointer: fn(u32, &str) -> u64 = documented;
    assert_eq!((pointer(1, "a"), pointer(1, "a"), documented::cache_info().hits), (2, 2, 1));
}
