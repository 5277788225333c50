//! `warm` of methods, of functions with a key of their own, and of batches.

use std::collections::HashMap;
use std::hash::Hash;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use cached_core::{Memo, Warm, Warmed, memoize, testing};

fn counts(warmed: &Warmed) -> (usize, usize, usize, usize) {
    (warmed.loaded, warmed.present, warmed.failed, warmed.panicked)
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk {
    city: String,
}

impl Desk {
    #[memoize]
    fn price(&self, id: u32, currency: &str) -> String {
        format!("{} {id} {currency}", self.city)
    }

    #[memoize]
    fn number(&self, id: u32) -> usize {
        self.city.len() + id as usize
    }

    #[memoize]
    fn route(&self, from: &str, to: &str, by: Option<u32>) -> Result<String, u32> {
        by.map(|by| format!("{from} {} {to} {by}", self.city)).ok_or(0)
    }

    #[memoize]
    fn length<'a>(&'a self, text: &'a str) -> usize {
        self.city.len() + text.len()
    }

    #[memoize(skip(self))]
    pub fn shared(&self, id: u32) -> u32 {
        id
    }

    #[memoize]
    async fn page(&self, id: u32) -> u32 {
        tokio::task::yield_now().await;
        id
    }

    #[memoize(skip(self, log))]
    fn logged(self: &Arc<Self>, log: &Mutex<u32>, id: u32) -> Result<u32, String> {
        *log.lock().unwrap() += 1;
        if id == 3 { Err(self.city.clone()) } else { Ok(id) }
    }

    #[memoize(key = (self.city.clone(), id % 10) as (String, u32))]
    fn keyed(&self, id: u32) -> u32 {
        id
    }

    #[memoize]
    fn generic<T: Hash + Eq + Clone + Send + Sync + 'static + Into<u64>>(&self, value: T) -> u64 {
        value.into()
    }
}

fn desk() -> Desk {
    Desk { city: "Rome".to_owned() }
}

#[test]
fn a_method_loads_keys_of_its_object() {
    let _scope = testing::isolate();
    let keys = |ids: std::ops::Range<u32>| ids.map(|id| (id, "EUR".to_owned()));
    assert_eq!(desk().price_warm(keys(0..2).chain(keys(0..2))), 2);
    assert_eq!(
        counts(&desk().price_warm_with(keys(0..50), Warm::new().at_once(4))),
        (48, 2, 0, 0),
        "by several threads"
    );
    let info = Desk::price_cache().cache_info();
    assert_eq!((info.hits, info.misses, info.loads), (0, 0, 50));
    assert_eq!(desk().price(7, "EUR"), "Rome 7 EUR");
    let other = Desk { city: "Oslo".to_owned() };
    assert_eq!(other.price_warm(keys(7..8)), 1, "of another object");
    assert_eq!(Desk::price_cache().cache_info().hits, 1);
}

#[test]
fn a_method_is_lent_what_its_keys_own() {
    let _scope = testing::isolate();
    let desk = desk();
    assert_eq!((desk.number_warm(0..3), desk.number_warm(vec![2, 3])), (3, 1));
    assert_eq!(counts(&desk.number_warm_with(0..9, Warm::new().at_once(3))), (5, 4, 0, 0));
    assert_eq!((desk.number(8), Desk::number_cache().cache_info().hits), (12, 1));
    assert_eq!((desk.length_warm(["to".to_owned()]), desk.length("to")), (1, 6));
    let key = |by| ("A".to_owned(), "B".to_owned(), by);
    let warmed = desk.route_warm_with([key(Some(1)), key(None), key(Some(2))], Warm::new().at_once(2));
    assert_eq!(counts(&warmed), (2, 0, 1, 0), "an error is not kept");
    assert_eq!(desk.route("A", "B", Some(2)), Ok("A Rome B 2".to_owned()));
    let info = Desk::route_cache().cache_info();
    assert_eq!((info.hits, info.misses, info.len), (1, 0, 2));
}

#[test]
fn a_method_without_its_object_in_the_key_as_well() {
    let _scope = testing::isolate();
    assert_eq!((desk().shared_warm(0..3), desk().shared(2)), (3, 2));
    assert_eq!(Desk::shared_cache().cache_info().hits, 1);
    let (log, desk) = (Mutex::new(0), Arc::new(desk()));
    assert_eq!(counts(&desk.logged_warm_with(&log, 0..10, Warm::new().at_once(3))), (9, 0, 1, 0));
    assert_eq!((desk.logged(&log, 9), *log.lock().unwrap()), (Ok(9), 10));
    assert_eq!((desk.keyed_warm([1, 2, 11]), desk.keyed(12)), (2, 2), "keys of its own count");
    assert_eq!((desk.generic_warm([1_u32, 2]), desk.generic_warm([1_u8, 2]), desk.generic(1_u8)), (2, 2, 1));
}

#[tokio::test]
async fn an_asynchronous_method_loads_futures() {
    let _scope = testing::isolate();
    assert_eq!(desk().page_warm(0..4).await, 4);
    let how = Warm::new().at_once(3);
    assert_eq!(counts(&desk().page_warm_with(0..8, how).await), (4, 4, 0, 0));
    assert_eq!((desk().page(7).await, Desk::page_cache().cache_info().hits), (7, 1));
}

#[derive(Default)]
struct Tariff {
    surcharge: u32,
    prices: Memo<u32, u32>,
}

impl Tariff {
    #[memoize(in = self.prices)]
    fn price(&self, id: u32) -> u32 {
        id + self.surcharge
    }
}

struct Block;

trait Rates {
    fn rate(&self, currency: &str) -> usize;
}

#[memoize]
impl Block {
    #[memoize(ttl = 60s)]
    fn associated(id: u32) -> u32 {
        id
    }

    #[memoize(skip(self))]
    async fn size(&self, path: &Path) -> usize {
        path.as_os_str().len()
    }
}

#[memoize]
impl Rates for Block {
    #[memoize(skip(self), ttl = 60s)]
    fn rate(&self, currency: &str) -> usize {
        currency.len()
    }
}

struct Any<T>(T);

#[memoize]
impl<T: Clone + Hash + Eq + Send + Sync + 'static> Any<T> {
    #[memoize(skip(self))]
    fn or(&self, other: Option<T>) -> T {
        other.unwrap_or_else(|| self.0.clone())
    }
}

#[tokio::test]
async fn wherever_a_method_stands() {
    let _scope = testing::isolate();
    let tariff = Tariff { surcharge: 1, ..Tariff::default() };
    assert_eq!((tariff.price_warm(0..5), tariff.price(4)), (5, 5));
    assert_eq!((tariff.prices.cache_info().len, tariff.prices.cache_info().hits), (5, 1));
    assert_eq!((Block::associated_warm(0..4), Block::associated(3)), (4, 3));
    assert_eq!((Block.size_warm(["/a".into()]).await, Block.size(Path::new("/a")).await), (1, 2));
    assert_eq!((Block.rate_warm(["EUR".to_owned()]), Block.rate("EUR")), (1, 3));
    assert_eq!((Any(1_u8).or_warm([Some(1), None]), Any(1_u8).or(None)), (2, 1));
}

struct User {
    id: u32,
}

#[tokio::test]
async fn what_a_key_speaks_of_is_given_with_each() {
    #[memoize(key = (id, name.to_lowercase()) as (u32, String))]
    fn greeting(id: u32, name: &str) -> String {
        format!("hello {name} {id}")
    }
    #[memoize(key = user.id as u64)]
    fn twice(user: &User) -> u64 {
        u64::from(user.id) * 2
    }
    #[memoize(key = id)]
    fn logged(log: &Mutex<u32>, id: u32) -> u32 {
        *log.lock().unwrap() += 1;
        id
    }
    #[memoize(key = format!("{name}"))]
    async fn size(name: &str) -> usize {
        name.len()
    }
    #[memoize(key = bytes.len())]
    fn first(bytes: &[u8]) -> u8 {
        bytes[0]
    }
    let _scope = testing::isolate();
    assert_eq!(greeting::warm([(1, "Ann".to_owned()), (1, "ANN".to_owned())]), 1);
    assert_eq!((greeting(1, "ann"), greeting::cache_info().hits), ("hello Ann 1".to_owned(), 1));
    assert_eq!(twice::warm([1, 1, 2].map(|id| User { id })), 2, "it need not be fit for a key");
    assert_eq!((twice(&User { id: 2 }), twice::cache_info().hits), (4, 1));
    let log = Mutex::new(0);
    assert_eq!((logged::warm(&log, 0..4), logged(&log, 3), *log.lock().unwrap()), (4, 3, 4));
    assert_eq!((size::warm(["a", "b"].map(str::to_owned)).await, size("b").await), (2, 1));
    assert_eq!((first::warm([vec![1, 2], vec![3, 4]]), first(&[5, 6])), (1, 1));
}

#[test]
fn a_batch_loads_in_runs() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    #[memoize(batch, max_batch = 4, ttl = 60s)]
    fn names(ids: &[u32]) -> HashMap<u32, String> {
        RUNS.fetch_add(1, Ordering::SeqCst);
        assert!(ids.len() <= 4);
        ids.iter().filter(|id| **id != 3).map(|id| (*id, id.to_string())).collect()
    }
    #[memoize(batch)]
    fn all(ids: &[u8]) -> Result<Vec<u8>, String> {
        if ids.contains(&9) { Err("nine".to_owned()) } else { Ok(ids.to_vec()) }
    }
    let _scope = testing::isolate();
    names(&[1]);
    let told = Mutex::new(Vec::new());
    let how = Warm::new().progress(|done, total| told.lock().unwrap().push((done, total)));
    assert_eq!(counts(&names::warm_with([1, 2, 3, 4, 5, 6, 2, 7], how)), (6, 2, 0, 0));
    assert!(told.into_inner().unwrap().into_iter().eq((1..=8).map(|done| (done, 8))));
    let info = names::cache_info();
    assert_eq!((info.hits, info.misses, info.loads, info.batches), (0, 1, 7, 3));
    assert_eq!((names(&[1, 2, 3]).len(), names::cache_info().hits, RUNS.load(Ordering::SeqCst)), (2, 3, 3));
    assert_eq!(counts(&all::warm_with(0..12, Warm::new())), (0, 0, 12, 0), "a run fails as a whole");
    assert_eq!((all::warm(0..8), all(&[7])), (8, Ok(vec![7])));
}

#[tokio::test]
async fn an_asynchronous_batch_does_so_too() {
    struct Pool;
    #[memoize(batch, max_batch = 3, skip(pool))]
    async fn sizes(pool: &Pool, names: &[String]) -> Vec<Result<usize, String>> {
        let Pool = pool;
        tokio::task::yield_now().await;
        assert!(!names.contains(&"panic".to_owned()));
        let size = |name: &String| if name.is_empty() { Err("no name".to_owned()) } else { Ok(name.len()) };
        names.iter().map(size).collect()
    }
    let _scope = testing::isolate();
    let names = ["a", "", "bb", "c", "a", "panic", "d"].map(str::to_owned);
    assert_eq!(counts(&sizes::warm_with(&Pool, names, Warm::new()).await), (2, 1, 1, 3));
    assert_eq!(sizes::warm(&Pool, ["d".to_owned()]).await, 1);
    assert_eq!(sizes::load(&Pool, "bb".to_owned()).await, Ok(2));
    assert_eq!((sizes::cache_info().hits, sizes::cache_info().misses), (1, 0));
}
