//! Functions that call themselves, and circles.

use std::cell::Cell;
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Barrier, OnceLock};
use std::time::Duration;

use cached_core::{memoize, testing};
use pollster::block_on;

#[memoize]
fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

#[test]
fn fib_of_90_answers_at_once_and_clears() {
    let _scope = testing::isolate();
    assert_eq!(fib(90), 2_880_067_194_370_816_120);
    assert_eq!(fib::cache_info().misses, 91);
    assert_eq!(fib::clear(), 91);
    assert_eq!(fib::cache_info().len, 0);
}

#[memoize(max = 3, policy = lru)]
fn small_fib(n: u64) -> u64 {
    if n < 2 { n } else { small_fib(n - 1) + small_fib(n - 2) }
}

#[memoize(ttl = 1s)]
fn ageing_fib(n: u64) -> u64 {
    if n < 2 { n } else { ageing_fib(n - 1) + ageing_fib(n - 2) }
}

#[memoize(key = n + 1)]
fn keyed_fib(n: u64) -> u64 {
    if n < 2 { n } else { keyed_fib(n - 1) + keyed_fib(n - 2) }
}

#[test]
fn recursion_works_under_every_option() {
    let _scope = testing::isolate();
    assert_eq!(small_fib(80), 23_416_728_348_467_685);
    assert_eq!(ageing_fib(80), 23_416_728_348_467_685);
    assert_eq!(keyed_fib(80), 23_416_728_348_467_685);
    assert_eq!(small_fib::cache_info().len, 3);
}

#[memoize]
fn depth(n: u64) -> u64 {
    if n == 0 { 0 } else { depth(n - 1) + 1 }
}

#[test]
fn depth_is_the_stacks_business() {
    let scope = testing::isolate();
    let deep = std::thread::Builder::new().stack_size(512 << 20).spawn(scope.wrap(|| depth(20_000)));
    assert_eq!(deep.unwrap().join().unwrap(), 20_000);
}

fn panic_of<R>(run: impl FnOnce() -> R + std::panic::UnwindSafe) -> String {
    let panic = catch_unwind(run).err().expect("a panic");
    panic.downcast_ref::<String>().cloned().expect("a panic with a text")
}

#[memoize]
fn selfish(n: u32) -> u32 {
    selfish(n)
}

#[memoize]
fn a(n: u32) -> u32 {
    b(n, "x") + 1
}

#[memoize]
fn b(n: u32, _text: &str) -> u32 {
    if n > 5 { c() } else { a(n) }
}

#[memoize]
fn c() -> u32 {
    a(9)
}

#[test]
fn a_cycle_is_reported_by_names_and_keys() {
    let _scope = testing::isolate();
    assert_eq!(panic_of(|| selfish(1)), "cyclic memoized call: selfish(1) -> selfish(1)");
    assert_eq!(panic_of(|| a(1)), r#"cyclic memoized call: a(1) -> b(1, "x") -> a(1)"#);
    assert_eq!(panic_of(|| a(9)), r#"cyclic memoized call: a(9) -> b(9, "x") -> c() -> a(9)"#);
    // What is outside of the circle is not named.
    assert_eq!(panic_of(|| b(9, "y")), r#"cyclic memoized call: c() -> a(9) -> b(9, "x") -> c()"#);
}

#[memoize]
fn refreshing(n: u32) -> u32 {
    refreshing::refresh(n)
}

#[memoize]
fn forgetful(n: u32) -> u32 {
    forgetful::invalidate(n);
    between(n)
}

#[memoize]
fn between(n: u32) -> u32 {
    forgetful(n)
}

#[memoize]
fn clearing(n: u32) -> u32 {
    clearing::clear();
    if n == 0 { 0 } else { clearing(n - 1) }
}

#[test]
fn a_load_that_was_invalidated_is_in_the_way_of_itself_all_the_same() {
    let _scope = testing::isolate();
    assert_eq!(panic_of(|| refreshing(1)), "cyclic memoized call: refreshing(1) -> refreshing(1)");
    let circle = "cyclic memoized call: forgetful(1) -> between(1) -> forgetful(1)";
    assert_eq!(panic_of(|| forgetful(1)), circle);
    assert_eq!(clearing(9), 0, "other keys are no circle");
    assert_eq!(clearing::cache_info().len, 0, "and the innermost took the lease from all");
    assert_eq!(between::cache_info().len, 0);
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Nameless;

#[memoize]
fn silent(_key: Nameless) -> u32 {
    silent(Nameless)
}

#[test]
fn a_key_without_debug_is_left_out_of_the_report() {
    let _scope = testing::isolate();
    assert_eq!(panic_of(|| silent(Nameless)), "cyclic memoized call: silent(..) -> silent(..)");
}

#[test]
fn after_a_cycle_was_reported_its_keys_work() {
    static OPEN: OnceLock<()> = OnceLock::new();
    #[memoize]
    fn maybe(n: u32) -> u32 {
        if OPEN.get().is_some() { n } else { maybe(n) }
    }
    let _scope = testing::isolate();
    assert!(panic_of(|| maybe(1)).contains("cyclic"));
    OPEN.set(()).unwrap();
    assert_eq!(maybe(1), 1);
}

#[test]
fn a_cycle_over_two_threads_is_reported_and_nobody_hangs() {
    static MEET: OnceLock<Barrier> = OnceLock::new();
    static RUNS: AtomicU32 = AtomicU32::new(0);
    /// Both first runs are under way before either goes on; later ones, after a panic, do not wait.
    fn meet() {
        if RUNS.fetch_add(1, Ordering::Relaxed) < 2 {
            MEET.get_or_init(|| Barrier::new(2)).wait();
        }
    }
    #[memoize]
    fn left(n: u32) -> u32 {
        meet();
        right(n)
    }
    #[memoize]
    fn right(n: u32) -> u32 {
        meet();
        left(n)
    }
    let scope = testing::isolate();
    let run = |call: fn(u32) -> u32| {
        let call = scope.wrap(move || catch_unwind(|| call(1)));
        std::thread::spawn(call)
    };
    let results = [run(left), run(right)].map(|thread| thread.join().unwrap());
    let texts: Vec<String> = results
        .into_iter()
        .map(|result| result.expect_err("both end").downcast_ref::<String>().cloned().unwrap_or_default())
        .collect();
    let circles = ["left(1) -> right(1) -> left(1)", "right(1) -> left(1) -> right(1)"];
    assert!(texts.iter().any(|text| circles.iter().any(|circle| text.ends_with(circle))), "{texts:?}");
}

thread_local! {
    /// What user code around a body calls, once.
    static WANTED: Cell<Option<fn()>> = const { Cell::new(None) };
}

/// The last that the body of such a function does.
fn want(n: u32, own: fn()) {
    WANTED.set(Some(if n == 1 { own } else { || assert_eq!(fib(9), 34) }));
}

fn call_what_is_wanted() -> bool {
    if let Some(call) = WANTED.take() {
        call();
    }
    true
}

#[derive(Debug)]
struct Wanting(u32);

impl Wanting {
    fn new(n: u32, own: fn()) -> Self {
        want(n, own);
        Self(n)
    }
}

impl Clone for Wanting {
    fn clone(&self) -> Self {
        call_what_is_wanted();
        Self(self.0)
    }
}

#[memoize]
fn copied(n: u32) -> Wanting {
    Wanting::new(n, || _ = copied(1))
}

#[memoize(ttl = 1s)]
fn ageing(n: u32) -> Wanting {
    Wanting::new(n, || _ = ageing(1))
}

#[memoize(ttl = 1s, stale_if_error = 1s)]
fn lingering(n: u32) -> Result<Wanting, u32> {
    Ok(Wanting::new(n, || _ = lingering(1)))
}

#[memoize]
fn around(n: u32) -> u32 {
    copied(n).0
}

#[memoize(store_if = |_| call_what_is_wanted())]
fn chosen(n: u32) -> u32 {
    want(n, || _ = chosen(1));
    n
}

#[memoize(max_weight = 9, weigher = |_, _| u64::from(call_what_is_wanted()))]
fn weighed(n: u32) -> u32 {
    want(n, || _ = weighed(1));
    n
}

#[memoize(ttl = |_, _| Duration::from_secs(u64::from(call_what_is_wanted())))]
fn judged(n: u32) -> u32 {
    want(n, || _ = judged(1));
    n
}

#[memoize(tags = [(call_what_is_wanted(), value).1.to_string()])]
fn tagged(n: u32) -> u32 {
    want(n, || _ = tagged(1));
    n
}

#[memoize(errors = 1s)]
fn failing(n: u32) -> Result<u32, Wanting> {
    Err(Wanting::new(n, || _ = failing(1)))
}

#[memoize]
async fn awaited(n: u32) -> Wanting {
    Wanting::new(n, || _ = block_on(awaited(1)))
}

#[test]
fn user_code_around_a_body_that_wants_its_value_is_a_circle() {
    let _scope = testing::isolate();
    let circle = |name: &str| format!("cyclic memoized call: {name}(1) -> {name}(1)");
    assert_eq!(panic_of(|| copied(1)), circle("copied"));
    assert_eq!(panic_of(|| copied::refresh(1)), circle("copied"));
    assert_eq!(panic_of(|| around(1)), circle("copied"), "inside of another");
    assert_eq!(panic_of(|| ageing(1)), circle("ageing"));
    assert_eq!(panic_of(|| lingering(1)), circle("lingering"));
    assert_eq!(panic_of(|| chosen(1)), circle("chosen"));
    assert_eq!(panic_of(|| weighed(1)), circle("weighed"));
    assert_eq!(panic_of(|| judged(1)), circle("judged"));
    assert_eq!(panic_of(|| tagged(1)), circle("tagged"));
    assert_eq!(panic_of(|| failing(1)), circle("failing"));
    assert_eq!(panic_of(|| block_on(awaited(1))), circle("awaited"));
    want(1, || _ = weighed(1));
    assert_eq!(panic_of(|| weighed::insert(1, 7)), circle("weighed"), "given, and not loaded");
    // What wants others is none, and all goes on.
    assert_eq!((copied(2).0, chosen(2), weighed(2), judged(2), block_on(awaited(2)).0), (2, 2, 2, 2, 2));
    assert_eq!((copied::cache_info().len, fib::cache_info().len), (1, 10));
}

#[memoize]
fn tree(level: u32, leaf: u32) -> u32 {
    if level == 0 { leaf } else { tree(level - 1, leaf / 2) + tree(level - 1, leaf / 3) }
}

#[test]
fn nesting_without_a_cycle_never_stalls() {
    let scope = testing::isolate();
    for round in 0..50 {
        let threads: Vec<_> = (0..8)
            .map(|thread| std::thread::spawn(scope.wrap(move || tree(12, round * 1000 + thread % 2))))
            .collect();
        threads.into_iter().for_each(|thread| assert!(thread.join().is_ok()));
    }
}

/// A walk of a tree in two functions, of which one is memoized, or both are.
mod by_another {
    use super::*;

    #[memoize]
    pub async fn depth(node: u32) -> u32 {
        if node == 0 { 0 } else { Box::pin(below(node)).await + 1 }
    }

    async fn below(node: u32) -> u32 {
        depth(node - 1).await
    }

    #[memoize(ttl = 60s)]
    pub async fn even(n: u32) -> Result<bool, String> {
        if n == 0 { Ok(true) } else { odd(n - 1).await }
    }

    #[memoize(key = n)]
    pub async fn odd(n: u32) -> Result<bool, String> {
        if n == 0 { Ok(false) } else { Box::pin(even(n - 1)).await }
    }

    #[memoize(batch)]
    pub async fn sums(all: &[u32]) -> Vec<u32> {
        let mut sums = Vec::new();
        for n in all {
            sums.push(if *n == 0 { 0 } else { n + Box::pin(sum_below(*n)).await });
        }
        sums
    }

    async fn sum_below(n: u32) -> u32 {
        sums::load(n - 1).await
    }
}

#[test]
fn asynchronous_functions_may_come_back_by_others() {
    let _scope = testing::isolate();
    fn sent<T: Send>(future: T) -> T {
        future
    }
    assert_eq!(block_on(sent(by_another::depth(5))), 5);
    assert_eq!(block_on(by_another::depth(3)), 3);
    assert_eq!((by_another::depth::cache_info().misses, by_another::depth::cache_info().hits), (6, 1));
    assert_eq!((block_on(by_another::even(5)), block_on(by_another::odd(5))), (Ok(false), Ok(true)));
    assert_eq!((by_another::even::cache_info().len, by_another::odd::cache_info().len), (6, 6));
    assert_eq!(block_on(by_another::sums(&[3])), [6]);
}
