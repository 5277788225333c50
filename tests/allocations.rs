//! What a hit allocates: nothing. Counted by the allocator itself, so this is a test binary of its own.
#![allow(unsafe_code, reason = "a global allocator is an unsafe trait; this one only counts")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::borrow::Cow;
use std::cell::Cell;
use std::hash::Hash;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use cached_core::{Cache, Memo, memoize};

struct Counting;

thread_local!(static ALLOCATIONS: Cell<u64> = const { Cell::new(0) });

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promise is handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is handed on.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn allocations(run: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.get();
    run();
    ALLOCATIONS.get() - before
}

#[memoize]
fn number(n: u64) -> u64 {
    n
}

#[memoize(max = 100, policy = lru, ttl = Duration::from_secs(3600))]
fn borrowed(id: u32, currency: &str, path: &Path, all: &[f64]) -> u64 {
    u64::from(id) + currency.len() as u64 + path.as_os_str().len() as u64 + all.len() as u64
}

#[memoize(key = (name, age / 10))]
fn keyed(name: &str, age: u32) -> usize {
    name.len() + age as usize
}

#[memoize]
fn fallible(text: &str) -> std::io::Result<usize> {
    Ok(text.len())
}

#[test]
fn a_hit_allocates_nothing() {
    let path = Path::new("/a/path/that/is/longer/than/any/small/string");
    let calls: [(&str, &dyn Fn()); 4] = [
        ("a number", &|| assert_eq!(number(7), 7)),
        ("borrowed arguments", &|| assert_eq!(borrowed(7, "a rather long currency", path, &[1.5, 2.5]), 75)),
        ("a key of one's own", &|| assert_eq!(keyed("a rather long name, really", 37), 63)),
        ("a result", &|| assert_eq!(fallible("a rather long text, really").unwrap(), 26)),
    ];
    for (what, call) in calls {
        assert!(allocations(call) > 0, "{what}: a miss stores something");
        assert_eq!(allocations(|| (0..100).for_each(|_| call())), 0, "{what}");
    }
    assert_eq!(borrowed::cache_info().hits, 100);
}

/// Functions of one argument, which is looked up by as it is.
macro_rules! looked_up {
    ($($name:ident: $type:ty,)*) => { $(
        #[memoize]
        fn $name(value: $type) -> usize {
            let _ = value;
            7
        }
    )* };
}

looked_up! {
    perhaps: Option<&str>,
    cow: Cow<'_, str>,
    texts: &[&str],
    choices: &[Option<&str>],
    pairs: &[(&str, f64)],
    pair: (&str, Option<&[u8]>),
    two: [&str; 2],
    lent_pair: &(u32, String),
    lent_option: &Option<String>,
    lent_cow: &Cow<'_, str>,
    twice: &&str,
    rows: &[[f64; 2]],
    shared: Arc<str>,
}

#[memoize]
fn generic<T: Hash + Eq + Clone + Send + Sync + 'static>(value: &T, name: &str) -> usize {
    size_of_val(value) + name.len()
}

#[memoize]
async fn later(name: &str, all: &[&str]) -> usize {
    name.len() + all.len()
}

#[derive(Clone, PartialEq, Eq, Hash, Default)]
struct Desk(String);

impl Desk {
    #[memoize]
    fn price(&self, name: &str) -> usize {
        self.0.len() + name.len()
    }
}

#[derive(Default)]
struct Tariff {
    prices: Memo<(String, Option<String>), usize>,
}

impl Tariff {
    #[memoize(in = self.prices, max = 10)]
    fn price(&self, name: &str, city: Option<&str>) -> usize {
        name.len() + city.map_or(0, str::len)
    }
}

/// What a future gives that need not wait for anything; an executor would allocate for itself.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it was to wait for nothing"),
    }
}

const LONG: &str = "a text that is longer than any small string";

#[test]
fn nor_does_a_hit_by_whatever_holds_a_borrow() {
    let (pair_of, option_of) = ((7, LONG.to_owned()), Some(LONG.to_owned()));
    let (cow_of, arc, desk, tariff) =
        (Cow::Borrowed(LONG), Arc::from(LONG), Desk(LONG.to_owned()), Tariff::default());
    let calls: &[(&str, &dyn Fn() -> usize)] = &[
        ("perhaps", &|| perhaps(Some(LONG))),
        ("cow", &|| cow(Cow::Borrowed(LONG))),
        ("texts", &|| texts(&[LONG, "b"])),
        ("choices", &|| choices(&[None, Some(LONG)])),
        ("pairs", &|| pairs(&[(LONG, 0.5)])),
        ("pair", &|| pair((LONG, Some(&[1, 2])))),
        ("two", &|| two([LONG, "b"])),
        ("lent_pair", &|| lent_pair(&pair_of)),
        ("lent_option", &|| lent_option(&option_of)),
        ("lent_cow", &|| lent_cow(&cow_of)),
        ("twice", &|| twice(&LONG)),
        ("rows", &|| rows(&[[0.5, 1.5]])),
        ("shared", &|| shared(Arc::clone(&arc))),
        ("generic", &|| generic(&pair_of, LONG)),
        ("later", &|| at_once(later(LONG, &[LONG]))),
        ("a method", &|| desk.price(LONG)),
        ("a field", &|| tariff.price(LONG, Some(LONG))),
    ];
    for (what, call) in calls {
        let first = call();
        call();
        assert_eq!(allocations(|| (0..100).for_each(|_| assert_eq!(call(), first))), 0, "{what}");
    }
    assert_eq!((texts::cache_info().misses, later::cache_info().hits), (1, 101));
}

#[memoize(max = 100)]
async fn by_name(name: String) -> usize {
    name.len()
}

#[test]
fn nor_does_a_hit_of_a_task_in_a_scope() {
    let _scope = cached_core::testing::isolate();
    let mut names = std::iter::repeat_with(|| "a name".to_owned()).take(3).collect::<Vec<_>>().into_iter();
    let mut call = || at_once(by_name(names.next().unwrap()));
    assert_eq!((call(), call()), (6, 6));
    assert_eq!(allocations(|| assert_eq!(call(), 6)), 0);
}

#[test]
fn nor_does_a_hit_of_a_direct_cache() {
    let cache: Cache<String, u64> = Cache::builder().max(100).build();
    let name = "a rather long name, really";
    let calls: [(&str, &dyn Fn()); 3] = [
        ("get_or_load", &|| assert_eq!(cache.get_or_load(name, || 7), 7)),
        ("get", &|| assert_eq!(cache.get(name), Some(7))),
        ("with", &|| assert_eq!(cache.with(name, |value| value + 1), Some(8))),
    ];
    assert!(allocations(calls[0].1) > 0, "a miss stores something");
    for (what, call) in calls {
        assert_eq!(allocations(|| (0..100).for_each(|_| call())), 0, "{what}");
    }
}

#[test]
fn nor_does_a_hit_of_one_whose_loads_outlive_their_callers() {
    let cache: Cache<String, u64> = Cache::builder().max(100).build();
    let name = "a rather long name, really";
    let call = || assert_eq!(at_once(cache.detached().get_or_load_async(name, || async { 7 })), 7);
    assert!(allocations(call) > 0, "a miss stores something");
    assert_eq!(allocations(|| (0..100).for_each(|_| call())), 0);
}

struct Door<S> {
    state: S,
    names: Memo<u32, u32>,
}

impl<S: Copy + Into<u32> + Send + Sync + 'static> Door<S> {
    #[memoize(in = self.names)]
    fn number(&self, id: u32) -> u32 {
        self.state.into() + id
    }
}

/// Its method has another address from then on, which is looked at once.
#[test]
fn a_hit_of_an_object_that_has_become_another_allocates_nothing() {
    let open = Door { state: 1_u8, names: Memo::new() };
    assert_eq!(open.number(1), 2);
    let closed = Door { state: 1_u16, names: open.names };
    assert_eq!(closed.number(1), 2);
    assert_eq!(allocations(|| assert_eq!(closed.number(1), 2)), 0);
}
