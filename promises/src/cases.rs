//! The cases: each says in a few words what a library did.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use crate::body;
use crate::libraries::Library;

/// What is tried, and what happened.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) run: fn(&'static Library) -> String,
}

pub(crate) const ALL: [Case; 11] = [
    Case { name: "stale", title: "invalidated during a load; then asked again", run: stale },
    Case {
        name: "late-joiner",
        title: "asked after an invalidation, the old load still running",
        run: late_joiner,
    },
    Case { name: "callers", title: "64 callers of one missing key, a body of 10 ms", run: callers },
    Case {
        name: "strangers",
        title: "the slowest of 1,000 other keys while a load takes 1 s",
        run: strangers,
    },
    Case { name: "held", title: "a task that led is held in a select!, another asks", run: held },
    Case { name: "panic", title: "the leader panics, 8 wait", run: panic },
    Case { name: "same-key", title: "the body asks for its own key", run: same_key },
    Case { name: "circle", title: "a circle over two threads", run: circle },
    Case { name: "recursion", title: "fib(80), each step memoized", run: recursion },
    Case { name: "failure", title: "a load of 50 ms fails, 20 callers", run: failure },
    Case { name: "clone", title: "a value's clone panics once; then asked again", run: clone },
];

/// A load that began before an invalidation: what is cached afterwards?
fn stale(library: &'static Library) -> String {
    static SOURCE: AtomicU64 = AtomicU64::new(1);
    let (running, runs) = channel();
    let (go, goes) = channel();
    let goes = std::sync::Mutex::new(goes);
    body::set(move |_| {
        let read = SOURCE.load(Ordering::SeqCst);
        if read == 1 {
            running.send(()).expect("the case waits");
            goes.lock().expect("one load").recv().expect("the case goes on");
        }
        read
    });
    let leader = std::thread::spawn(|| (library.get)(0));
    runs.recv().expect("a load");
    SOURCE.store(2, Ordering::SeqCst);
    // One library waits here for the load to end; it is not to be stopped by that.
    let invalidation = std::thread::spawn(|| (library.invalidate)(0));
    std::thread::sleep(Duration::from_millis(100));
    let waits = !invalidation.is_finished();
    go.send(()).expect("the body waits");
    leader.join().expect("a value");
    invalidation.join().expect("an end");
    let value = match (library.get)(0) {
        2 => "the new value",
        _ => "the old value, from now on",
    };
    if waits { format!("{value}; the invalidation waits for the load") } else { value.to_owned() }
}

/// A call that starts after the invalidation has returned, while the old load still runs.
fn late_joiner(library: &'static Library) -> String {
    static SOURCE: AtomicU64 = AtomicU64::new(1);
    let (running, runs) = channel();
    body::set(move |_| {
        let read = SOURCE.load(Ordering::SeqCst);
        if read == 1 {
            running.send(()).expect("the case waits");
            std::thread::sleep(Duration::from_millis(300));
        }
        read
    });
    let leader = std::thread::spawn(|| (library.get)(0));
    runs.recv().expect("a load");
    SOURCE.store(2, Ordering::SeqCst);
    (library.invalidate)(0);
    let value = (library.get)(0);
    leader.join().expect("a value");
    if value == 2 { "the new value".to_owned() } else { "joins the old load".to_owned() }
}

fn callers(library: &'static Library) -> String {
    body::set(|key| {
        std::thread::sleep(Duration::from_millis(10));
        key
    });
    let start = Barrier::new(64);
    std::thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| {
                start.wait();
                (library.get)(1)
            });
        }
    });
    count(body::runs(), "load")
}

fn strangers(library: &'static Library) -> String {
    let (running, runs) = channel();
    body::set(move |key| {
        if key == 0 {
            running.send(()).expect("the case waits");
            std::thread::sleep(Duration::from_secs(1));
        }
        key
    });
    let leader = std::thread::spawn(|| (library.get)(0));
    runs.recv().expect("a load");
    let slowest = (1..=1_000).map(|key| {
        let begun = Instant::now();
        (library.get)(key);
        begun.elapsed()
    });
    let slowest = slowest.max().unwrap_or_default();
    leader.join().expect("a value");
    format!("{:.2} ms", slowest.as_secs_f64() * 1e3)
}

fn held(library: &'static Library) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let mut leader = (library.get_async)(1);
        let mut context = Context::from_waker(Waker::noop());
        assert!(leader.as_mut().poll(&mut context).is_pending());
        // From here on nobody polls the leader, as in a `select!` whose other arm waits for the same key.
        body::GO.add_permits(64);
        match tokio::time::timeout(Duration::from_secs(3), (library.get_async)(1)).await {
            Ok(_) => format!("answered, {}", count(body::runs(), "load")),
            Err(_) => "hangs".to_owned(),
        }
    })
}

fn panic(library: &'static Library) -> String {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let (running, runs) = channel();
    body::set(move |key| {
        if RUNS.fetch_add(1, Ordering::SeqCst) == 0 {
            running.send(()).expect("the case waits");
            std::thread::sleep(Duration::from_millis(100));
            panic!("the leader's own");
        }
        key
    });
    let leader = std::thread::spawn(|| (library.get)(1));
    runs.recv().expect("a load");
    let waiters: Vec<_> = (0..8).map(|_| std::thread::spawn(|| (library.get)(1))).collect();
    let panicked = leader.join().is_err();
    let answers =
        waiters.into_iter().filter_map(|waiter| waiter.join().ok()).filter(|value| *value == 1).count();
    let leader = if panicked { "its own caller panics" } else { "nobody panics" };
    format!("{leader}, {answers} of 8 get the value, {} in all", count(body::runs(), "load"))
}

/// The text of a panic, or the value.
fn ended(call: impl FnOnce() -> u64) -> String {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(value) => format!("answers {value}"),
        Err(panic) => match panic.downcast::<String>() {
            Ok(text) => format!("panics: {text}"),
            Err(_) => "panics".to_owned(),
        },
    }
}

fn same_key(library: &'static Library) -> String {
    body::set(|key| (library.get)(key));
    ended(|| (library.get)(1))
}

fn circle(library: &'static Library) -> String {
    static MET: AtomicU32 = AtomicU32::new(0);
    let meet = Barrier::new(2);
    body::set(move |key| {
        // Both first loads run before either asks for the other.
        if MET.fetch_add(1, Ordering::SeqCst) < 2 {
            meet.wait();
        }
        (library.get)(3 - key)
    });
    let calls = [1, 2].map(|key| std::thread::spawn(move || ended(|| (library.get)(key))));
    let texts = calls.map(|call| call.join().unwrap_or_default());
    if texts.iter().all(|text| text.contains("cyclic")) {
        return "both panic, naming the circle".to_owned();
    }
    texts.join("; ")
}

fn recursion(library: &'static Library) -> String {
    body::set(|n| if n < 2 { n } else { (library.get)(n - 1) + (library.get)(n - 2) });
    let value = (library.get)(80);
    if value == 23_416_728_348_467_685 { "right".to_owned() } else { format!("wrong: {value}") }
}

fn failure(library: &'static Library) -> String {
    body::set(|key| {
        std::thread::sleep(Duration::from_millis(50));
        key
    });
    let start = Barrier::new(20);
    let begun = Instant::now();
    let slowest = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..20)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    assert!((library.try_get)(1).is_err());
                    begun.elapsed()
                })
            })
            .collect();
        callers.into_iter().filter_map(|caller| caller.join().ok()).max().unwrap_or_default()
    });
    format!("{}, the slowest caller after {} ms", count(body::runs(), "load"), slowest.as_millis())
}

fn clone(library: &'static Library) -> String {
    body::ARMED.store(true, Ordering::SeqCst);
    let first = catch_unwind(AssertUnwindSafe(|| (library.get_fragile)(1))).is_err();
    let again = catch_unwind(AssertUnwindSafe(|| (library.get_fragile)(1)));
    let first = if first { "panics once" } else { "does not clone" };
    match again {
        Ok(value) if value.0 == 1 => format!("{first}, then answers"),
        Ok(_) => format!("{first}, then a wrong value"),
        Err(_) => format!("{first}, and again"),
    }
}

fn count(number: u32, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
