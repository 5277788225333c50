//! Many threads: one load a key, nobody else waits, and invalidation wins.

use std::cell::Cell;
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier, Mutex};

use cached_core::{memoize, testing};
use tests::comes;

/// A body that says when it runs, and ends when it is told to.
struct Gate {
    running: Mutex<Receiver<()>>,
    end: Sender<()>,
    inside: (Sender<()>, Mutex<Receiver<()>>),
}

impl Gate {
    fn new() -> Self {
        let (runs, running) = channel();
        let (end, ends) = channel();
        Self { running: Mutex::new(running), end, inside: (runs, Mutex::new(ends)) }
    }

    /// In the body.
    fn pass(&self) {
        self.inside.0.send(()).unwrap();
        self.inside.1.lock().unwrap().recv().unwrap();
    }

    fn until_running(&self) {
        self.running.lock().unwrap().recv().unwrap();
    }

    fn open(&self) {
        self.end.send(()).unwrap();
    }
}

macro_rules! gated {
    ($name:ident, $gate:ident, $loads:ident) => {
        static $loads: AtomicU32 = AtomicU32::new(0);
        static $gate: std::sync::LazyLock<Gate> = std::sync::LazyLock::new(Gate::new);
        #[memoize]
        fn $name(n: u32) -> u32 {
            if n != 0 {
                return n;
            }
            let load = $loads.fetch_add(1, Ordering::Relaxed);
            $gate.pass();
            load
        }
    };
}

/// Waits for something that another thread is about to do.
fn until(what: impl Fn() -> bool) {
    while !what() {
        std::thread::yield_now();
    }
}

#[test]
fn sixty_four_callers_of_one_key_share_one_load() {
    static LOADS: AtomicU32 = AtomicU32::new(0);
    #[memoize]
    fn slow(n: u32) -> u32 {
        LOADS.fetch_add(1, Ordering::Relaxed);
        (0..2_000_000_u32).fold(n, |sum, i| std::hint::black_box(sum.wrapping_add(i)))
    }
    let scope = testing::isolate();
    let start = Arc::new(Barrier::new(64));
    let threads: Vec<_> = (0..64)
        .map(|_| {
            let start = Arc::clone(&start);
            std::thread::spawn(scope.wrap(move || {
                start.wait();
                slow(1)
            }))
        })
        .collect();
    let values: Vec<u32> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert!(values.iter().all(|value| *value == values[0]));
    assert_eq!(LOADS.load(Ordering::Relaxed), 1);
    let info = slow::cache_info();
    assert_eq!((info.loads, info.misses, info.hits + info.coalesced), (1, 1, 63));
}

#[test]
fn only_callers_of_the_same_key_wait() {
    gated!(slow, GATE, LOADS);
    let scope = testing::isolate();
    let leader = std::thread::spawn(scope.wrap(|| slow(0)));
    GATE.until_running();
    // The load of 0 is held up; 10,000 others are not.
    (1..=10_000).for_each(|n| assert_eq!(slow(n), n));
    GATE.open();
    assert_eq!(leader.join().unwrap(), 0);
}

#[test]
fn a_caller_that_joins_counts_as_coalesced() {
    gated!(slow, GATE, LOADS);
    let scope = testing::isolate();
    let leader = std::thread::spawn(scope.wrap(|| slow(0)));
    GATE.until_running();
    let waiter = std::thread::spawn(scope.wrap(|| {
        slow(1);
        slow(0)
    }));
    until(|| slow::contains(1));
    GATE.open();
    assert_eq!((leader.join().unwrap(), waiter.join().unwrap()), (0, 0));
    let info = slow::cache_info();
    // The waiter may have come after the landing: then it hit.
    assert_eq!((info.misses, info.loads, info.coalesced + info.hits), (2, 2, 1));
}

fn invalidated_during_a_load(
    invalidate: impl FnOnce(),
    call: fn(u32) -> u32,
    gate: &Gate,
    loads: &AtomicU32,
) {
    let scope = testing::isolate();
    let first = std::thread::spawn(scope.wrap(move || call(0)));
    gate.until_running();
    invalidate();
    // A call that starts now must not join the load that began before.
    let second = std::thread::spawn(scope.wrap(move || call(0)));
    gate.until_running();
    gate.open();
    gate.open();
    let mut values = [first.join().unwrap(), second.join().unwrap()];
    values.sort_unstable();
    assert_eq!(values, [0, 1], "each its own load");
    assert_eq!(loads.load(Ordering::Relaxed), 2);
    assert_eq!(call(0), 1, "what was kept was read after the invalidation");
}

#[test]
fn invalidate_wins_over_a_running_load() {
    gated!(slow, GATE, LOADS);
    invalidated_during_a_load(|| assert!(!slow::invalidate(0)), slow, &GATE, &LOADS);
}

#[test]
fn clear_wins_over_a_running_load() {
    gated!(slow, GATE, LOADS);
    invalidated_during_a_load(|| assert_eq!(slow::clear(), 0), slow, &GATE, &LOADS);
}

#[test]
fn invalidate_if_wins_over_a_running_load() {
    gated!(slow, GATE, LOADS);
    invalidated_during_a_load(|| assert_eq!(slow::invalidate_if(|_, _| false), 0), slow, &GATE, &LOADS);
}

#[test]
fn insert_wins_over_a_running_load() {
    gated!(slow, GATE, LOADS);
    let scope = testing::isolate();
    let leader = std::thread::spawn(scope.wrap(|| slow(0)));
    GATE.until_running();
    slow::insert(0, 77);
    assert_eq!(slow(0), 77);
    GATE.open();
    assert_eq!(leader.join().unwrap(), 0);
    assert_eq!(slow(0), 77);
}

#[test]
fn callers_get_the_old_value_while_a_refresh_runs() {
    gated!(slow, GATE, LOADS);
    let scope = testing::isolate();
    slow::insert(0, 77);
    let refresher = std::thread::spawn(scope.wrap(|| slow::refresh(0)));
    GATE.until_running();
    assert_eq!(slow(0), 77);
    GATE.open();
    assert_eq!(refresher.join().unwrap(), 0);
    assert_eq!(slow(0), 0);
}

#[test]
fn an_invalidation_from_inside_the_body_counts() {
    #[memoize]
    fn self_critical(n: u32) -> u32 {
        self_critical::invalidate(n);
        n
    }
    let _scope = testing::isolate();
    self_critical(1);
    assert!(!self_critical::contains(1));
    assert_eq!(self_critical::cache_info().loads, 1);
}

#[test]
fn after_a_panic_the_waiters_load_for_themselves() {
    static GATE: std::sync::LazyLock<Gate> = std::sync::LazyLock::new(Gate::new);
    static LOADS: AtomicU32 = AtomicU32::new(0);
    #[memoize]
    fn fragile(n: u32) -> u32 {
        if LOADS.fetch_add(1, Ordering::Relaxed) == 0 {
            GATE.pass();
            panic!("boom");
        }
        n
    }
    let scope = testing::isolate();
    let leader = std::thread::spawn(scope.wrap(|| std::panic::catch_unwind(|| fragile(5))));
    GATE.until_running();
    let waiters: Vec<_> = (0..8).map(|_| std::thread::spawn(scope.wrap(|| fragile(5)))).collect();
    GATE.open();
    assert!(leader.join().unwrap().is_err());
    waiters.into_iter().for_each(|waiter| assert_eq!(waiter.join().unwrap(), 5));
    assert_eq!(LOADS.load(Ordering::Relaxed), 2, "the panic, and one load for all the others");
}

#[derive(Clone, Debug, PartialEq)]
struct Down;

#[test]
fn an_error_that_can_be_cloned_is_told_once_to_all_who_waited() {
    static GATE: std::sync::LazyLock<Gate> = std::sync::LazyLock::new(Gate::new);
    #[memoize]
    fn source(n: u32) -> Result<u32, Down> {
        if n == 0 {
            GATE.pass();
        }
        Err(Down)
    }
    let scope = testing::isolate();
    // Nobody can be seen to wait, so it is tried until somebody did.
    for round in 1.. {
        let leader = std::thread::spawn(scope.wrap(|| source(0)));
        GATE.until_running();
        let waiter = std::thread::spawn(scope.wrap(|| source(0)));
        (0..round * 100).for_each(|_| std::thread::yield_now());
        GATE.open();
        // Whoever came too late to be told loads again, and needs the gate once more.
        until(|| waiter.is_finished() || GATE.running.lock().unwrap().try_recv().is_ok());
        let told = waiter.is_finished();
        if !told {
            GATE.open();
        }
        assert_eq!((leader.join().unwrap(), waiter.join().unwrap()), (Err(Down), Err(Down)));
        let info = source::cache_info();
        assert_eq!(info.misses + info.coalesced, 2 * round);
        assert_eq!(info.load_failures, info.misses, "one failure a load, however many were told");
        if told {
            assert_eq!(info.coalesced, 1);
            return;
        }
        assert!(round < 1000, "nobody was ever told");
    }
}

#[test]
fn whoever_calls_after_a_writer_gets_nothing_older() {
    static VERSION: AtomicU64 = AtomicU64::new(0);
    #[memoize]
    fn current(_key: u8) -> u64 {
        VERSION.load(Ordering::SeqCst)
    }
    const ROUNDS: u64 = 50_000;
    let scope = testing::isolate();
    let end = Arc::new(AtomicU32::new(0));
    let others: Vec<_> = (0..2)
        .map(|_| {
            let end = Arc::clone(&end);
            std::thread::spawn(scope.wrap(move || {
                while end.load(Ordering::Relaxed) == 0 {
                    let refreshed = current::refresh(0);
                    assert!(current(0) >= refreshed);
                }
            }))
        })
        .collect();
    for _ in 0..ROUNDS {
        let version = VERSION.fetch_add(1, Ordering::SeqCst) + 1;
        current::insert(0, version);
        let read = current(0);
        assert!(read >= version, "inserted {version}, read {read}");
    }
    end.store(1, Ordering::Relaxed);
    others.into_iter().for_each(|other| other.join().unwrap());
}

#[test]
fn of_two_inserts_one_stays() {
    #[memoize]
    fn source(_key: u8) -> u64 {
        0
    }
    let scope = testing::isolate();
    for round in 0..2_000 {
        let start = Arc::new(Barrier::new(2));
        let insert = |value| {
            let start = Arc::clone(&start);
            scope.wrap(move || {
                start.wait();
                source::insert(0, value);
            })
        };
        let other = std::thread::spawn(insert(2 * round + 1));
        insert(2 * round + 2)();
        other.join().unwrap();
        assert!([2 * round + 1, 2 * round + 2].contains(&source(0)));
    }
}

#[test]
fn len_is_sane_at_every_moment() {
    #[memoize(max = 1)]
    fn single(n: u64) -> u64 {
        n
    }
    let scope = testing::isolate();
    let end = Arc::new(AtomicU32::new(0));
    let run = |work: fn(u64)| {
        let end = Arc::clone(&end);
        std::thread::spawn(scope.wrap(move || {
            for n in 0.. {
                if end.load(Ordering::Relaxed) != 0 {
                    return;
                }
                work(n);
            }
        }))
    };
    let threads = [
        run(|n| _ = single(n)),
        run(|n| _ = single(n + 7)),
        run(|_| _ = single::clear()),
        run(|n| _ = single::invalidate(n)),
    ];
    for _ in 0..50_000 {
        let len = single::cache_info().len;
        assert!(len <= 1 + threads.len(), "{len} entries");
    }
    end.store(1, Ordering::Relaxed);
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert!(single::cache_info().len <= 1);
}

#[test]
fn what_one_thread_does_is_in_order_whatever_another_did_before() {
    #[memoize(max = 3, policy = lru)]
    fn three(n: u64) -> u64 {
        n
    }
    let scope = testing::isolate();
    for round in 0..300 {
        let [x, z, w, first, second] = [1, 2, 3, 4, 5].map(|n| round * 10 + n);
        assert_eq!([x, z, w].map(three), [x, z, w]);
        std::thread::spawn(scope.wrap(move || [w, z].map(three))).join().unwrap();
        assert_eq!([x, z].map(three), [x, z]);
        assert_eq!([first, second].map(three), [first, second]);
        assert!(!three::contains(x) && three::contains(z), "x was used before z");
    }
}

/// A value whose drop waits for a load by another thread, which waits for the load that removes it.
#[test]
fn a_drop_may_wait_for_whoever_waits_for_the_load_that_caused_it() {
    static GATE: std::sync::LazyLock<Gate> = std::sync::LazyLock::new(Gate::new);
    // While the leader runs. A reader of another test's can hold the drop up, until the scope ends and later.
    static RUNNING: AtomicBool = AtomicBool::new(false);
    static CALLED: AtomicBool = AtomicBool::new(false);
    #[derive(Clone)]
    struct Calls(Arc<Calling>);
    struct Calling(u32);
    impl Drop for Calling {
        fn drop(&mut self) {
            if self.0 == 1 && RUNNING.load(Ordering::SeqCst) {
                other(1);
                CALLED.store(true, Ordering::SeqCst);
            }
        }
    }
    #[memoize(max = 1)]
    fn evicting(n: u32) -> Calls {
        if n == 2 {
            GATE.pass();
        }
        Calls(Arc::new(Calling(n)))
    }
    #[memoize]
    fn other(_n: u32) -> u32 {
        evicting(2).0.0
    }
    let called = (0..1000).any(|_| {
        let scope = testing::isolate();
        evicting(1);
        RUNNING.store(true, Ordering::SeqCst);
        let leader = std::thread::spawn(scope.wrap(|| evicting(2).0.0));
        GATE.until_running();
        let waiter = std::thread::spawn(scope.wrap(|| other(1)));
        (0..1000).for_each(|_| std::thread::yield_now());
        GATE.open();
        assert_eq!((leader.join().unwrap(), waiter.join().unwrap()), (2, 2));
        RUNNING.store(false, Ordering::SeqCst);
        CALLED.load(Ordering::SeqCst)
    });
    assert!(called, "the load drops what it removed");
}

/// A value whose first drop on the thread that leads its load panics.
#[test]
fn whoever_waits_is_answered_before_a_copy_that_was_made_for_the_cache_is_dropped() {
    static GATE: std::sync::LazyLock<Gate> = std::sync::LazyLock::new(Gate::new);
    thread_local!(static LEADS: Cell<bool> = const { Cell::new(false) });
    #[derive(Clone)]
    struct Fragile(u32);
    impl Drop for Fragile {
        fn drop(&mut self) {
            assert!(!LEADS.replace(false), "a drop");
        }
    }
    #[memoize]
    fn fragile(n: u32) -> Fragile {
        GATE.pass();
        LEADS.set(true);
        Fragile(n)
    }
    let lead = || {
        let led = catch_unwind(|| {
            let value = fragile(1);
            LEADS.set(false);
            value.0
        });
        LEADS.set(false);
        led.is_ok()
    };
    let joined = (0..1000).any(|_| {
        let scope = testing::isolate();
        let leader = std::thread::spawn(scope.wrap(lead));
        GATE.until_running();
        let waiter = std::thread::spawn(scope.wrap(|| fragile(1).0));
        (0..1000).for_each(|_| std::thread::yield_now());
        GATE.open();
        let led = leader.join().unwrap();
        assert!(comes(|| waiter.is_finished()), "it waits for nobody");
        assert_eq!(waiter.join().unwrap(), 1);
        led && fragile::cache_info().coalesced == 1
    });
    assert!(joined, "a waiter that comes in time");
}

#[test]
fn a_bound_holds_under_many_writers() {
    #[memoize(max = 100, policy = lru)]
    fn bounded(n: u64) -> u64 {
        n
    }
    let scope = testing::isolate();
    let threads: Vec<_> = (0..8_u64)
        .map(|thread| {
            std::thread::spawn(scope.wrap(move || {
                for n in 0..5_000 {
                    assert_eq!(bounded((n * 7 + thread * 13) % 997), (n * 7 + thread * 13) % 997);
                    assert!(bounded::cache_info().len <= 100 + 8);
                    if n % 50 == 0 {
                        bounded::invalidate(n % 997);
                    }
                }
            }))
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let info = bounded::cache_info();
    assert!(info.len <= 100);
    let stored = info.loads - info.invalidations - info.evictions;
    assert!(u64::try_from(info.len).unwrap() <= stored, "{info:?}");
}

/// A writer raises a version and invalidates; a reader must never get a version from before an invalidation that
/// had returned when the reader called.
#[test]
fn nobody_reads_the_past() {
    static VERSION: AtomicU64 = AtomicU64::new(0);
    static INVALIDATED: AtomicU64 = AtomicU64::new(0);
    #[memoize]
    fn current(_key: u8) -> u64 {
        VERSION.load(Ordering::SeqCst)
    }
    const ROUNDS: u64 = 50_000;
    let scope = testing::isolate();
    let readers: Vec<_> = (0..3)
        .map(|_| {
            std::thread::spawn(scope.wrap(|| {
                while INVALIDATED.load(Ordering::SeqCst) < ROUNDS {
                    let known = INVALIDATED.load(Ordering::SeqCst);
                    let read = current(0);
                    assert!(read >= known, "read {read} after {known} was invalidated");
                }
            }))
        })
        .collect();
    for version in 1..=ROUNDS {
        VERSION.store(version, Ordering::SeqCst);
        current::invalidate(0);
        INVALIDATED.store(version, Ordering::SeqCst);
    }
    readers.into_iter().for_each(|reader| reader.join().unwrap());
}
