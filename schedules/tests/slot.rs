//! The slot of a load, in every order of three threads and with every effect that weak memory allows.
//!
//! The gate is the library's own file. The slot around it is the protocol of `flights`, `lease` and `flight` with one key and
//! nothing else: who may publish is on the list, whoever joins says so under the list's lock, and only a load that was joined
//! has to land.
#![cfg(loom)]

use loom::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use loom::sync::{Arc, Mutex};
use loom::thread;

#[path = "../../cached-core/src/gate.rs"]
#[allow(dead_code, reason = "threads alone are modelled here")]
mod gate;

/// What the gate finds where the library has its locks.
mod sync {
    pub(crate) mod plain {
        use std::sync::{LockResult, PoisonError};
        use std::time::Duration;

        pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard};

        pub(crate) fn wait_for<'a, T>(
            condvar: &Condvar,
            guard: MutexGuard<'a, T>,
            _: &'a Mutex<T>,
            time: Duration,
        ) -> LockResult<MutexGuard<'a, T>> {
            let waited = condvar.wait_timeout(guard, time);
            waited.map(|(guard, _)| guard).map_err(|poisoned| PoisonError::new(poisoned.into_inner().0))
        }
    }
}

use gate::Gate;

/// A load's value, or that there is none.
const NOTHING: u64 = u64::MAX;

struct Flight {
    joined: AtomicBool,
    landing: AtomicU64,
    gate: Gate,
}

/// A cache of one key.
struct Cache {
    list: Mutex<Option<Arc<Flight>>>,
    entry: Mutex<Option<u64>>,
    /// What the body reads.
    source: AtomicU64,
    /// What is known to have been invalidated.
    known: AtomicU64,
    loads: AtomicU64,
}

impl Cache {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            list: Mutex::new(None),
            entry: Mutex::new(None),
            source: AtomicU64::new(0),
            known: AtomicU64::new(0),
            loads: AtomicU64::new(0),
        })
    }

    fn call(&self, panics: bool) -> u64 {
        loop {
            if let Some(value) = *self.entry.lock().unwrap() {
                return value;
            }
            let flight = Arc::new(Flight {
                joined: AtomicBool::new(false),
                landing: AtomicU64::new(NOTHING),
                gate: Gate::default(),
            });
            let other = {
                let mut list = self.list.lock().unwrap();
                match &*list {
                    Some(other) => {
                        other.joined.store(true, Ordering::Relaxed);
                        Some(Arc::clone(other))
                    }
                    None => {
                        *list = Some(Arc::clone(&flight));
                        None
                    }
                }
            };
            match other {
                None => return self.lead(&flight, panics),
                Some(other) => {
                    other.gate.wait();
                    match other.landing.load(Ordering::Relaxed) {
                        NOTHING => {}
                        value => return value,
                    }
                }
            }
        }
    }

    fn lead(&self, flight: &Arc<Flight>, panics: bool) -> u64 {
        // Between the look-up and the boarding another load may have landed.
        let found = *self.entry.lock().unwrap();
        let value = found.unwrap_or_else(|| {
            self.loads.fetch_add(1, Ordering::Relaxed);
            self.source.load(Ordering::Relaxed)
        });
        // What was found is not shared: an invalidation may be about to remove it.
        let brings = found.is_none() && !panics;
        {
            let mut list = self.list.lock().unwrap();
            if list.as_ref().is_some_and(|other| Arc::ptr_eq(other, flight)) {
                *list = None;
                if brings {
                    *self.entry.lock().unwrap() = Some(value);
                }
            }
        }
        if flight.joined.load(Ordering::Relaxed) {
            if brings {
                flight.landing.store(value, Ordering::Relaxed);
            }
            flight.gate.open();
        }
        value
    }

    fn invalidate(&self) {
        drop(self.list.lock().unwrap().take());
        *self.entry.lock().unwrap() = None;
    }
}

/// In every order with up to four preemptions, which takes half a minute; two would have missed a mistake once. Without a
/// bound it takes hours. `LOOM_MAX_PREEMPTIONS` says otherwise.
fn model(scenario: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(4));
    builder.check(scenario);
}

/// Two callers and an invalidation: nobody hangs, nobody who came after it reads what was before it.
#[test]
fn load_and_invalidate() {
    model(|| {
        let cache = Cache::new();
        let callers = [(), ()].map(|()| {
            let cache = Arc::clone(&cache);
            thread::spawn(move || {
                let known = cache.known.load(Ordering::Acquire);
                assert!(cache.call(false) >= known);
            })
        });
        cache.source.store(1, Ordering::Relaxed);
        cache.invalidate();
        cache.known.store(1, Ordering::Release);
        assert_eq!(cache.call(false), 1);
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        assert_eq!(*cache.entry.lock().unwrap(), Some(1));
        assert!(cache.list.lock().unwrap().is_none());
    });
}

/// Three callers: one load, and all get its value.
#[test]
fn one_load() {
    model(|| {
        let cache = Cache::new();
        let callers = [(), ()].map(|()| {
            let cache = Arc::clone(&cache);
            thread::spawn(move || assert_eq!(cache.call(false), 0))
        });
        assert_eq!(cache.call(false), 0);
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        assert_eq!(cache.loads.load(Ordering::Relaxed), 1);
    });
}

/// A leader whose body panics lands nothing; whoever waited loads.
#[test]
fn a_leader_that_panics() {
    model(|| {
        let cache = Cache::new();
        let waiter = {
            let cache = Arc::clone(&cache);
            thread::spawn(move || assert_eq!(cache.call(false), 0))
        };
        cache.call(true);
        waiter.join().unwrap();
        assert!(cache.list.lock().unwrap().is_none());
    });
}
