//! `scope = thread`: a cache for each thread.

use std::cell::Cell;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::{Rc, Weak};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use cached_core::{Local, invalidates, memoize, registry, testing, updates};
use tests::{comes, hit, miss};

use pollster::block_on;

/// What a thread without caches yet sees.
fn fresh<R: Send>(run: impl FnOnce() -> R + Send) -> R {
    std::thread::scope(|scope| scope.spawn(run).join().unwrap())
}

#[memoize(scope = thread)]
fn double(n: u64) -> u64 {
    n * 2
}

#[test]
fn each_thread_has_its_own() {
    fresh(|| {
        miss!(double(4) => 8);
        hit!(double(4) => 8);
        fresh(|| {
            assert_eq!((double::cache_info().len, double::contains(4)), (0, false));
            miss!(double(4) => 8);
            assert!(double::invalidate(4));
        });
        hit!(double(4) => 8);
        fresh(|| assert_eq!(double::clear(), 0));
        assert_eq!((double::cache_info().len, double::clear()), (1, 1));
        double::insert(4, 9);
        assert_eq!((double(4), double::peek(4), double::refresh(4), double(4)), (9, Some(9), 8, 8));
    });
}

#[memoize(scope = thread)]
fn slow(n: u64, meet: SkippedBarrier) -> u64 {
    meet.0.wait();
    n
}

#[derive(Clone)]
struct SkippedBarrier(Arc<Barrier>);

impl PartialEq for SkippedBarrier {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for SkippedBarrier {}

impl std::hash::Hash for SkippedBarrier {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

#[test]
fn threads_do_not_wait_for_each_other() {
    // Both bodies run at once, or this would never end.
    let meet = SkippedBarrier(Arc::new(Barrier::new(2)));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| assert_eq!(slow(1, meet.clone()), 1));
        }
    });
}

#[memoize(scope = thread)]
fn shout(word: Rc<str>) -> Rc<String> {
    Rc::new(word.to_uppercase())
}

#[memoize(scope = thread, max = 2, policy = lru)]
fn cell(id: u32) -> Rc<Cell<u32>> {
    Rc::new(Cell::new(id))
}

#[test]
fn what_threads_cannot_share_is_key_and_value() {
    fresh(|| {
        let (first, second) = (shout("a".into()), shout("a".into()));
        assert!(Rc::ptr_eq(&first, &second));
        assert_eq!(*first, "A");
        assert!(Rc::ptr_eq(&shout::peek("a".into()).unwrap(), &first));
        assert!(shout::contains("a".into()) && !shout::contains("b".into()));
        shout::insert("b".into(), Rc::new("C".to_owned()));
        assert_eq!(*shout("b".into()), "C");
        assert_eq!(shout::invalidate_if(|key, value| key.len() == 1 && value.as_str() == "C"), 1);
        let by_key: Option<Local<Rc<String>>> = shout::cache().peek(&Rc::<str>::from("a"));
        assert_eq!(**by_key.unwrap(), "A");
        assert!(shout::invalidate("a".into()) && !shout::contains("a".into()));

        cell(1).set(7);
        assert_eq!(cell(1).get(), 7);
        let _ = (cell(2), cell(3));
        assert_eq!((cell(1).get(), cell::cache_info().evictions), (1, 2));
    });
}

#[memoize(scope = thread)]
fn parse(text: Rc<str>) -> Result<Rc<u32>, std::num::ParseIntError> {
    text.parse().map(Rc::new)
}

#[memoize(scope = thread)]
fn checked(text: &str, base: &Rc<u32>, factor: f64) -> std::io::Result<Option<Rc<f64>>> {
    if text.is_empty() {
        return Err(std::io::ErrorKind::InvalidInput.into());
    }
    Ok(Some(Rc::new(f64::from(**base) * factor)))
}

#[test]
fn of_a_result_only_ok_is_kept() {
    fresh(|| {
        assert!(parse("x".into()).is_err() && parse("x".into()).is_err());
        assert_eq!((parse::cache_info().len, parse::cache_info().load_failures), (0, 2));
        assert_eq!(parse("7".into()), Ok(Rc::new(7)));
        assert_eq!(parse::peek("7".into()), Some(Rc::new(7)));
        assert_eq!(parse::cache_info().len, 1);
        let base = Rc::new(2);
        assert!(checked("", &base, 1.0).is_err() && checked("", &base, 1.0).is_err());
        let first = checked("a", &base, -0.0).unwrap().unwrap();
        assert!(Rc::ptr_eq(&first, &checked("a", &Rc::new(2), 0.0).unwrap().unwrap()));
    });
}

static LOG: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// Not to be shared, and loud.
struct Dropped(u32, PhantomData<*const ()>);

impl Drop for Dropped {
    fn drop(&mut self) {
        // The caches of this thread may be gone by now: a call works all the same.
        assert_eq!(double(u64::from(self.0)), u64::from(self.0) * 2);
        LOG.lock().unwrap().push(self.0);
    }
}

#[memoize(scope = thread, max = 1)]
fn noted(id: u32) -> Rc<Dropped> {
    Rc::new(Dropped(id, PhantomData))
}

#[memoize(scope = thread)]
fn shared(id: u32) -> Arc<u32> {
    Arc::new(id)
}

#[test]
fn the_end_of_a_thread_frees_what_it_kept() {
    let value = fresh(|| Arc::downgrade(&shared(1)));
    assert!(value.upgrade().is_none());
    fresh(|| {
        let dropped = |ids: &[u32]| {
            noted::cache_info();
            *LOG.lock().unwrap() == ids
        };
        noted(1);
        noted(2);
        assert!(comes(|| dropped(&[1])));
        noted::clear();
        assert!(comes(|| dropped(&[1, 2])));
        noted(3);
    });
    assert_eq!(*LOG.lock().unwrap(), [1, 2, 3]);
}

#[memoize(scope = thread)]
fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

#[memoize(scope = thread)]
fn ping(n: Rc<u32>) -> Rc<u32> {
    Rc::new(*pong(*n))
}

#[memoize]
fn pong(n: u32) -> Arc<u32> {
    Arc::new(*ping(Rc::new(n)))
}

#[test]
fn recursion_works_and_circles_are_named() {
    fresh(|| {
        assert_eq!((fib(80), fib::cache_info().misses), (23_416_728_348_467_685, 81));
        let panic = catch_unwind(AssertUnwindSafe(|| ping(Rc::new(1)))).unwrap_err();
        let text = panic.downcast_ref::<String>().unwrap();
        assert_eq!(text, "cyclic memoized call: ping(1) -> pong(1) -> ping(1)");
    });
}

#[memoize(scope = thread, ttl = 60s, store_if = |value| value.get() < 100)]
fn aged(id: u32) -> Rc<Cell<u32>> {
    Rc::new(Cell::new(id))
}

#[memoize(scope = thread, ttl = |key, value| Duration::from_secs(u64::from(***key + value.get())))]
fn each(id: Rc<u32>) -> Rc<Cell<u32>> {
    Rc::new(Cell::new(*id))
}

#[memoize(scope = thread, max_weight = 10, weigher = |_key, value| value.len() as u64)]
fn weighed(text: &str) -> Rc<str> {
    text.into()
}

#[test]
fn options_of_a_cache_work() {
    let scope = testing::isolate();
    let first = aged(1);
    assert!(Rc::ptr_eq(&first, &aged(1)) && aged(100).get() == 100);
    assert_eq!((aged::cache_info().len, aged::contains(100)), (1, false));
    scope.advance(Duration::from_secs(61));
    assert!(!Rc::ptr_eq(&first, &aged(1)));

    each(Rc::new(5));
    scope.advance(Duration::from_secs(9));
    assert!(each::contains(Rc::new(5)));
    scope.advance(Duration::from_secs(2));
    assert!(!each::contains(Rc::new(5)));

    let _ = (weighed("12345"), weighed("123456"), weighed("too long for it"));
    assert_eq!((weighed::cache_info().len, weighed::cache_info().weight), (1, 6));
}

thread_local!(static LOADS: Cell<u32> = const { Cell::new(0) });

#[memoize(scope = thread, ttl = 60s, refresh_after = 30s, stale_if_error = 60s)]
fn reloaded(id: u32) -> Result<Rc<u32>, String> {
    let loads = LOADS.replace(LOADS.get() + 1);
    if loads == 2 { Err("down".to_owned()) } else { Ok(Rc::new(id + loads)) }
}

#[test]
fn a_caller_reloads_by_itself() {
    let scope = testing::isolate();
    assert_eq!(reloaded(10), Ok(Rc::new(10)));
    scope.advance(Duration::from_secs(31));
    assert_eq!(reloaded(10), Ok(Rc::new(11)));
    scope.advance(Duration::from_secs(61));
    assert_eq!((reloaded(10), LOADS.get()), (Ok(Rc::new(11)), 3));
}

#[memoize(scope = thread, errors = 10s)]
fn refused(id: u32) -> Result<Rc<u32>, String> {
    Err(format!("no {id}"))
}

#[test]
fn errors_are_kept_where_asked_for() {
    let scope = testing::isolate();
    assert_eq!((refused(1), refused(1)), (Err("no 1".to_owned()), Err("no 1".to_owned())));
    assert_eq!(refused::cache_info().load_failures, 1);
    scope.advance(Duration::from_secs(11));
    assert_eq!((refused(1), refused::cache_info().load_failures), (Err("no 1".to_owned()), 2));
}

#[test]
fn a_test_sees_its_own() {
    fresh(|| {
        double(1);
        let weak = {
            let scope = testing::isolate();
            miss!(double(1) => 2);
            hit!(double(1) => 2);
            // A thread of the test has its own as well.
            std::thread::spawn(scope.wrap(|| miss!(double(1) => 2))).join().unwrap();
            let again = scope.wrap(|| hit!(double(1) => 2));
            again();
            let kept = shout("kept".into());
            let weak: Weak<String> = Rc::downgrade(&kept);
            assert!(registry::all().iter().any(|entry| entry.name().ends_with("thread::shout")));
            drop(kept);
            assert!(weak.upgrade().is_some());
            weak
        };
        assert!(weak.upgrade().is_none(), "the scope's caches end with it");
        hit!(double(1) => 2);
    });
}

#[test]
fn the_registry_shows_those_of_the_thread_that_asks() {
    fresh(|| {
        assert!(registry::find("thread::double").is_none());
        double(1);
        let entry = registry::find("thread::double").unwrap();
        assert_eq!(entry.cache_info().len, 1);
        assert!(fresh(|| registry::find("thread::double").is_none()));
        // From another thread it can be looked at, and be emptied.
        assert_eq!(fresh(|| (entry.cache_info().misses, entry.clear())), (1, 1));
        assert!(!double::contains(1));
    });
}

#[test]
fn what_another_thread_removes_is_not_dropped_there() {
    fresh(|| {
        let value = shout("far".into());
        let entry = registry::find("thread::shout").unwrap();
        assert_eq!(fresh(|| entry.clear()), 1);
        // Dropped on the other thread it would have counted there, where nothing guards the count.
        assert_eq!(Rc::strong_count(&value), 2);
    });
}

#[memoize(scope = thread)]
async fn fetched(id: Rc<u32>, word: &str) -> Rc<String> {
    std::future::ready(Rc::new(format!("{id} {word}"))).await
}

#[memoize(scope = thread)]
async fn tried(id: u32) -> Result<Rc<u32>, String> {
    if id == 0 { Err("zero".to_owned()) } else { Ok(Rc::new(id)) }
}

#[test]
fn tasks_of_a_thread_share_its_cache() {
    fresh(|| {
        let first = block_on(fetched(Rc::new(1), "a"));
        assert!(Rc::ptr_eq(&first, &block_on(fetched(Rc::new(1), "a"))));
        assert_eq!((fetched::cache_info().hits, fetched::cache_info().misses), (1, 1));
        assert!(Rc::ptr_eq(&first, &fetched::peek(Rc::new(1), "a").unwrap()));
        assert!(!Rc::ptr_eq(&first, &block_on(fetched::refresh(Rc::new(1), "a"))));
        assert!(block_on(tried(0)).is_err() && block_on(tried(0)).is_err());
        assert_eq!((block_on(tried(1)), block_on(tried(1))), (Ok(Rc::new(1)), Ok(Rc::new(1))));
        assert_eq!((tried::cache_info().hits, tried::cache_info().misses), (1, 3));
    });
}

/// No `Send`, no `Sync`, and nothing said of them.
#[memoize(scope = thread, max = 10)]
fn pair<T: Clone + Eq + std::hash::Hash + 'static, const N: usize>(value: T) -> [T; N] {
    std::array::from_fn(|_| value.clone())
}

#[memoize(scope = thread)]
fn counted<T: Clone + 'static>(text: &str, make: fn(&str) -> T) -> Result<T, String> {
    if text.is_empty() { Err("empty".to_owned()) } else { Ok(make(text)) }
}

#[test]
fn generic_functions_need_no_bounds_of_threads() {
    fresh(|| {
        let one: [Rc<u32>; 2] = pair(Rc::new(1));
        let again: [Rc<u32>; 2] = pair(Rc::new(1));
        assert!(Rc::ptr_eq(&one[0], &again[0]));
        assert_eq!(pair::<u8, 3>(1), [1, 1, 1]);
        assert_eq!((pair::infos().len(), pair::cache_info::<Rc<u32>, 2>().hits), (2, 1));
        assert!(pair::peek::<Rc<u32>, 2>(Rc::new(1)).is_some());
        assert_eq!(pair::clear_all(), 2);
        let rc = |text: &str| Rc::new(text.len());
        assert_eq!((counted("ab", rc), counted("ab", rc)), (Ok(Rc::new(2)), Ok(Rc::new(2))));
        assert!(counted("", rc).is_err() && counted("", rc).is_err());
    });
}

/// Not `Send`, as what it holds is not.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(Rc<u32>);

impl Desk {
    #[memoize(scope = thread)]
    fn price(&self, id: u32) -> Rc<u32> {
        Rc::new(*self.0 + id)
    }
}

#[memoize]
impl Desk {
    #[memoize(scope = thread, key = (id / 10, Rc::clone(name)))]
    fn rounded(id: u32, name: &Rc<str>) -> Rc<str> {
        format!("{name}{id}").into()
    }
}

#[test]
fn methods_keep_to_their_thread_too() {
    fresh(|| {
        let desk = Desk(Rc::new(1));
        assert!(Rc::ptr_eq(&desk.price(1), &Desk(Rc::new(1)).price(1)));
        assert_eq!(*desk.price(2), 3);
        let name: Rc<str> = "a".into();
        assert_eq!(
            (&*Desk::rounded(1, &name), &*Desk::rounded(9, &name), &*Desk::rounded(10, &name)),
            ("a1", "a1", "a10")
        );
    });
}

#[memoize(scope = thread, key = (Rc::clone(map)))]
fn total(map: &Rc<str>, of: &HashMap<Rc<str>, u32>) -> Rc<u32> {
    Rc::new(of[map])
}

#[test]
fn a_key_of_ones_own_may_hold_anything() {
    fresh(|| {
        let (name, mut of) = (Rc::<str>::from("a"), HashMap::new());
        of.insert(Rc::clone(&name), 1);
        let first = total(&name, &of);
        of.insert(Rc::clone(&name), 2);
        assert!(Rc::ptr_eq(&first, &total(&name, &of)));
        total::invalidate(&name, &of);
        assert_eq!(*total(&name, &of), 2);
    });
}

#[memoize(scope = thread)]
fn user(id: u64) -> Result<Rc<str>, String> {
    Ok(format!("user {id}").into())
}

#[updates(user(id) = result)]
fn rename(id: u64, name: &str) -> Result<Rc<str>, String> {
    if name.is_empty() { Err("no name".to_owned()) } else { Ok(name.into()) }
}

#[invalidates(user(id))]
fn delete(id: u64) {
    let _ = id;
}

impl Desk {
    #[updates(self.price(id) = Rc::new(price))]
    fn set(&self, id: u32, price: u32) {
        let _ = (id, price);
    }
}

#[test]
fn writers_write_to_their_own_thread() {
    fresh(|| {
        assert_eq!(&*user(1).unwrap(), "user 1");
        rename(1, "Ann").unwrap();
        assert_eq!(&*user(1).unwrap(), "Ann");
        rename(1, "").unwrap_err();
        assert_eq!(&*user(1).unwrap(), "Ann");
        fresh(|| assert_eq!(&*user(1).unwrap(), "user 1"));
        delete(1);
        assert_eq!(&*user(1).unwrap(), "user 1");
        let desk = Desk(Rc::new(1));
        desk.set(2, 9);
        assert_eq!(*desk.price(2), 9);
    });
}

mod shown {
    use super::{Local, Rc, fresh, memoize};

    #[memoize(scope = thread, tags = ["user:{user}"])]
    fn of_an_argument(user: Rc<str>) -> u32 {
        u32::try_from(user.len()).unwrap()
    }

    #[memoize(scope = thread, tags = ["name:{value:?}", "name:{value}"])]
    fn of_a_value(id: u8) -> Rc<str> {
        Rc::from(format!("n{id}"))
    }

    #[test]
    fn tags_speak_of_what_a_thread_keeps_to_itself() {
        fresh(|| {
            hit_after_miss();
            assert_eq!(of_an_argument::cache().invalidate_tag("user:ann"), 1);
            assert_eq!(of_a_value::cache().invalidate_tag("name:n3"), 1);
            assert!(!of_an_argument::contains(Rc::from("ann")) && !of_a_value::contains(3));
        });
    }

    fn hit_after_miss() {
        assert_eq!((of_an_argument(Rc::from("ann")), of_a_value(3)), (3, Rc::from("n3")));
        assert!(of_an_argument::contains(Rc::from("ann")) && of_a_value::contains(3));
    }

    #[test]
    fn a_value_of_a_thread_is_compared_and_shown_as_what_it_holds() {
        let (one, two) = (Local::new(Rc::new(1)), Local::new(Rc::new(2)));
        assert!(one < two && one.cmp(&two).is_lt());
        assert_eq!((format!("{one:>3}"), one.as_ref()), ("  1".to_owned(), &Rc::new(1)));
        let away = std::thread::scope(|scope| scope.spawn(|| format!("{one} {one:?}")).join().unwrap());
        assert_eq!(away, ".. ..");
    }
}
