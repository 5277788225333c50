//! `lazy`: how calls fail, wait, circle and are forgotten, in every form: a function, a method, a static, and each of the first two
//! asynchronous.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use cached_core::{CacheInfo, Lazy, LazyFuture, memoize, testing};

std::thread_local! {
    /// What the bodies are to do, by turns: the last is done for ever.
    static PLAN: std::cell::RefCell<Vec<Step>> = const { std::cell::RefCell::new(Vec::new()) };
}

#[derive(Clone, Copy)]
enum Step {
    Fail,
    Panic,
    Return(u32),
}
use Step::{Fail, Panic, Return};

fn step() -> Result<u32, String> {
    let step = PLAN.with_borrow_mut(|plan| if plan.len() > 1 { plan.remove(0) } else { plan[0] });
    match step {
        Fail => Err("failed".to_owned()),
        Panic => panic!("panicked"),
        Return(value) => Ok(value),
    }
}

type Answer = Result<u32, String>;

#[memoize(lazy, ttl = 60s)]
fn function(_id: u32) -> Answer {
    step()
}

#[memoize(lazy, ttl = 60s)]
async fn async_function(_id: u32) -> Answer {
    step()
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Object;

impl Object {
    #[memoize(lazy, ttl = 60s)]
    fn method(&self, _id: u32) -> Answer {
        step()
    }

    #[memoize(lazy, ttl = 60s)]
    async fn async_method(&self, _id: u32) -> Answer {
        step()
    }
}

#[memoize(lazy, ttl = 60s)]
static STATIC: Answer = step();

/// The forms have this in common.
struct Form {
    force: Box<dyn Fn() -> Answer>,
    is_ready: Box<dyn Fn() -> bool>,
    peek: Box<dyn Fn() -> Option<Answer>>,
    invalidate: Box<dyn Fn() -> bool>,
    text: Box<dyn Fn() -> String>,
    info: Box<dyn Fn() -> CacheInfo>,
    call: &'static str,
}

fn of(call: &'static str, lazy: &Lazy<Answer>, info: impl Fn() -> CacheInfo + 'static) -> Form {
    let [a, b, c, d, e] = std::array::from_fn(|_| lazy.clone());
    Form {
        force: Box::new(move || a.force()),
        is_ready: Box::new(move || b.is_ready()),
        peek: Box::new(move || c.peek()),
        invalidate: Box::new(move || d.invalidate()),
        text: Box::new(move || format!("{e:?}")),
        info: Box::new(info),
        call,
    }
}

fn of_async(call: &'static str, lazy: &LazyFuture<Answer>, info: impl Fn() -> CacheInfo + 'static) -> Form {
    let [a, b, c, d, e] = std::array::from_fn(|_| lazy.clone());
    Form {
        force: Box::new(move || pollster::block_on(a.force())),
        is_ready: Box::new(move || b.is_ready()),
        peek: Box::new(move || c.peek()),
        invalidate: Box::new(move || d.invalidate()),
        text: Box::new(move || format!("{e:?}")),
        info: Box::new(info),
        call,
    }
}

fn forms() -> Vec<Form> {
    let of_static =
        || cached_core::registry::find("lazy_ends::STATIC").expect("it has been used").cache_info();
    vec![
        of("function(1)", &function(1), function::cache_info),
        of("method(Object, 1)", &Object.method(1), || Object::method_cache().cache_info()),
        of("STATIC", &STATIC, of_static),
        of_async("async_function(1)", &async_function(1), async_function::cache_info),
        of_async("async_method(Object, 1)", &Object.async_method(1), || {
            Object::async_method_cache().cache_info()
        }),
    ]
}

fn plan(steps: &[Step]) {
    PLAN.set(steps.to_vec());
}

#[test]
fn what_fails_says_so_when_forced_and_can_be_forced_again() {
    let _scope = testing::isolate();
    for form in forms() {
        plan(&[Fail, Panic, Return(7), Fail]);
        assert!(!(form.is_ready)());
        assert_eq!((form.force)(), Err("failed".to_owned()), "{}", form.call);
        assert_eq!(((form.is_ready)(), (form.peek)()), (false, None));
        assert_eq!((form.text)(), format!("Lazy({}: pending)", form.call));
        let panic = catch_unwind(AssertUnwindSafe(|| (form.force)())).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"panicked"), "{}", form.call);
        assert!(!(form.is_ready)());
        assert_eq!(((form.force)(), (form.force)()), (Ok(7), Ok(7)), "{}", form.call);
        assert_eq!(((form.is_ready)(), (form.peek)()), (true, Some(Ok(7))));
        assert_eq!((form.text)(), format!("Lazy({}: Ok(7))", form.call));
        let info = (form.info)();
        assert_eq!((info.forced, info.misses, info.hits), (4, 3, 1), "{}", form.call);
        assert_eq!((info.loads, info.load_failures), (1, 2), "{}", form.call);
        assert_eq!(info.created, u64::from(form.call != "STATIC"), "{}", form.call);
    }
}

#[test]
fn age_and_invalidation_make_it_pending_again() {
    let scope = testing::isolate();
    for form in forms() {
        plan(&[Return(1), Return(2), Return(3), Fail]);
        assert_eq!((form.force)(), Ok(1));
        scope.advance(Duration::from_secs(59));
        assert!((form.is_ready)());
        scope.advance(Duration::from_secs(1));
        assert_eq!(((form.is_ready)(), (form.peek)()), (false, None), "{}", form.call);
        assert_eq!((form.force)(), Ok(2));
        assert!((form.invalidate)() && !(form.invalidate)() && !(form.is_ready)());
        assert_eq!((form.force)(), Ok(3), "{}", form.call);
        cached_core::registry::clear_all();
        assert!(!(form.is_ready)(), "{}", form.call);
        assert_eq!((form.force)(), Err("failed".to_owned()));
    }
}

#[test]
fn a_handle_means_the_caches_of_whoever_uses_it() {
    let outer = testing::isolate();
    for form in forms() {
        plan(&[Return(1), Return(2)]);
        assert_eq!((form.force)(), Ok(1));
        let inner = testing::isolate();
        assert!(!(form.is_ready)() && (form.peek)().is_none(), "{}", form.call);
        assert_eq!((form.force)(), Ok(2), "{}", form.call);
        assert_eq!((form.info)().forced, 1);
        drop(inner);
        assert_eq!((form.peek)(), Some(Ok(1)), "{}", form.call);
    }
    drop(outer);
}

#[memoize(lazy)]
fn own_tail(id: u32) -> u32 {
    own_tail(id).force()
}

#[memoize(lazy)]
fn there(id: u32) -> u32 {
    back(id).force()
}

#[memoize(lazy)]
fn back(id: u32) -> u32 {
    there(id).force()
}

#[memoize(lazy)]
async fn async_tail(id: u32) -> u32 {
    Box::pin(async move { async_tail(id).await }).await
}

impl Object {
    #[memoize(lazy)]
    fn circle(&self) -> u32 {
        self.circle().force()
    }
}

#[memoize(lazy)]
static RING: u32 = around();

fn around() -> u32 {
    RING.force()
}

#[test]
fn what_forces_itself_panics_and_names_the_circle() {
    let _scope = testing::isolate();
    let circles: [(&str, Box<dyn Fn() -> u32>); 5] = [
        ("own_tail(1) -> own_tail(1)", Box::new(|| own_tail(1).force())),
        ("there(1) -> back(1) -> there(1)", Box::new(|| there(1).force())),
        ("async_tail(1) -> async_tail(1)", Box::new(|| pollster::block_on(async_tail(1).force()))),
        ("circle(Object) -> circle(Object)", Box::new(|| Object.circle().force())),
        ("RING() -> RING()", Box::new(|| RING.force())),
    ];
    for (circle, force) in circles {
        for _ in 0..2 {
            let panic = catch_unwind(AssertUnwindSafe(&force)).unwrap_err();
            let text = panic.downcast_ref::<String>().expect("it says what happened");
            assert_eq!(*text, format!("cyclic memoized call: {circle}"));
        }
    }
    assert!(!own_tail(1).is_ready() && !RING.is_ready());
}

#[test]
fn a_lazy_call_may_be_made_and_passed_on_where_forcing_it_would_be_a_circle() {
    #[memoize]
    fn handle(id: u32) -> (u32, Lazy<u32>) {
        (id, value(id))
    }
    #[memoize(lazy)]
    fn value(id: u32) -> u32 {
        handle(id).0 + 1
    }
    let _scope = testing::isolate();
    let (id, later) = handle(4);
    assert_eq!((id, later.force()), (4, 5));
}

#[test]
fn methods_and_statics_run_once_for_all_threads_that_force_them() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    #[memoize(lazy)]
    static HEAVY: u32 = counted();
    fn counted() -> u32 {
        RUNS.fetch_add(1, Ordering::Relaxed);
        3
    }
    struct Pool;
    impl Pool {
        #[memoize(lazy, skip(self))]
        fn heavy(self: &Arc<Self>, id: u32) -> u32 {
            RUNS.fetch_add(1, Ordering::Relaxed);
            id
        }
    }
    let scope = testing::isolate();
    let (call, start) = (Arc::new(Pool).heavy(3), Arc::new(Barrier::new(8)));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (call, start) = (call.clone(), Arc::clone(&start));
            std::thread::spawn(scope.wrap(move || {
                start.wait();
                call.force() + HEAVY.force()
            }))
        })
        .collect();
    threads.into_iter().for_each(|thread| assert_eq!(thread.join().unwrap(), 6));
    assert_eq!(RUNS.load(Ordering::Relaxed), 2);
}

#[test]
fn an_invalidation_while_it_is_forced_wins() {
    static ROUND: AtomicU32 = AtomicU32::new(0);
    #[memoize(lazy)]
    fn read(id: u32) -> u32 {
        let round = ROUND.fetch_add(1, Ordering::Relaxed);
        if round == 0 {
            assert!(!read(id).invalidate(), "there is none yet");
        }
        round
    }
    let _scope = testing::isolate();
    let call = read(1);
    assert_eq!(call.force(), 0, "its own caller gets what it read");
    assert!(!call.is_ready());
    assert_eq!((call.force(), call.force()), (1, 1));
}
