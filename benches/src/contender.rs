//! What is measured: a library in one of its configurations, behind one face.
//!
//! A contender takes keys by the batch. The loop over a batch is compiled together with the call in it, so that the
//! dynamic dispatch that lets contenders share a list is paid once a batch, not once a call.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::hint::black_box;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::{Builder, Runtime};

/// How the calls of a batch relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Calls {
    /// None needs another's result: the processor works on several at a time. This is throughput.
    Independent,
    /// Each key is found by means of the last result, so that a call begins when the one before it has ended. This
    /// is latency.
    Dependent,
}

/// Looks keys up, one after the other. For keys of type `K`.
pub(crate) struct Contender<K> {
    /// The library.
    pub(crate) library: &'static str,
    /// How it is set up.
    pub(crate) setup: Cow<'static, str>,
    lane: Lane<K>,
    clear: Box<dyn Fn()>,
}

/// A batch on the thread that made the contender.
type Alone<K> = dyn Fn(&[K], Calls);

/// A batch on any thread, while others run too.
pub(crate) type Shared<K> = dyn Fn(&[K], Calls) + Send + Sync;

enum Lane<K> {
    /// On one thread only: without a lock, or with a cache for each thread.
    Alone(Box<Alone<K>>),
    Shared(Box<Shared<K>>),
}

impl<K: Copy + 'static> Contender<K> {
    /// A function that has its cache about it, as an attribute makes it. `clear` empties the cache.
    pub(crate) fn function(
        library: &'static str,
        setup: impl Into<Cow<'static, str>>,
        call: impl Fn(K) -> u64 + Send + Sync + 'static,
        clear: impl Fn() + 'static,
    ) -> Self {
        let run = move |keys: &[K], calls| batch(keys, calls, &call);
        Self { library, setup: setup.into(), lane: Lane::Shared(Box::new(run)), clear: Box::new(clear) }
    }

    /// A function whose cache is its thread's.
    pub(crate) fn of_thread(
        library: &'static str,
        setup: impl Into<Cow<'static, str>>,
        call: impl Fn(K) -> u64 + 'static,
        clear: impl Fn() + 'static,
    ) -> Self {
        let run = move |keys: &[K], calls| batch(keys, calls, &call);
        Self { library, setup: setup.into(), lane: Lane::Alone(Box::new(run)), clear: Box::new(clear) }
    }

    /// A cache that is a value. It is emptied by making another, which also gives its memory back.
    pub(crate) fn value<C: Send + Sync + 'static>(
        library: &'static str,
        setup: impl Into<Cow<'static, str>>,
        make: impl Fn() -> C + Send + Sync + 'static,
        call: impl Fn(&C, K) -> u64 + Send + Sync + 'static,
    ) -> Self {
        let slot = Slot::new(make);
        let renewed = slot.clone();
        let run = move |keys: &[K], calls| {
            let cache = slot.get();
            batch(keys, calls, |key| call(&cache, key));
        };
        let clear = move || renewed.renew();
        Self { library, setup: setup.into(), lane: Lane::Shared(Box::new(run)), clear: Box::new(clear) }
    }

    /// A data structure without any lock, as the limit of what the others can reach.
    pub(crate) fn bare<C: 'static>(
        library: &'static str,
        setup: impl Into<Cow<'static, str>>,
        make: impl Fn() -> C + 'static,
        call: impl Fn(&mut C, K) -> u64 + 'static,
    ) -> Self {
        let current = Rc::new(RefCell::new(make()));
        let renewed = Rc::clone(&current);
        let run = move |keys: &[K], calls| {
            let structure = &mut *current.borrow_mut();
            batch(keys, calls, |key| call(structure, key));
        };
        let clear = move || drop(renewed.replace(make()));
        Self { library, setup: setup.into(), lane: Lane::Alone(Box::new(run)), clear: Box::new(clear) }
    }

    /// An asynchronous function, awaited in a task that awaits the whole batch.
    pub(crate) fn task(
        library: &'static str,
        setup: impl Into<Cow<'static, str>>,
        call: impl AsyncFn(K) -> u64 + 'static,
        clear: impl AsyncFn() + 'static,
    ) -> Self {
        let runtime = runtime();
        let run = move |keys: &[K], calls| runtime.block_on(batch_of_tasks(keys, calls, &call));
        let clear = move || self::runtime().block_on(clear());
        Self { library, setup: setup.into(), lane: Lane::Alone(Box::new(run)), clear: Box::new(clear) }
    }

    /// The same for a cache that is a value.
    pub(crate) fn task_of_value<C: Send + Sync + 'static>(
        library: &'static str,
        setup: impl Into<Cow<'static, str>>,
        make: impl Fn() -> C + Send + Sync + 'static,
        call: impl AsyncFn(&C, K) -> u64 + 'static,
    ) -> Self {
        let slot = Slot::new(make);
        let renewed = slot.clone();
        let runtime = runtime();
        let run = move |keys: &[K], calls| {
            let cache = slot.get();
            runtime.block_on(batch_of_tasks(keys, calls, async |key| call(&cache, key).await));
        };
        let clear = move || renewed.renew();
        Self { library, setup: setup.into(), lane: Lane::Alone(Box::new(run)), clear: Box::new(clear) }
    }

    /// Looks up a batch of keys.
    pub(crate) fn run(&self, keys: &[K], calls: Calls) {
        match &self.lane {
            Lane::Alone(run) => run(keys, calls),
            Lane::Shared(run) => run(keys, calls),
        }
    }

    /// The same for several threads, where it can serve them.
    pub(crate) fn shared(&self) -> Option<&Shared<K>> {
        match &self.lane {
            Lane::Alone(_) => None,
            Lane::Shared(run) => Some(&**run),
        }
    }

    /// Forgets all entries.
    pub(crate) fn clear(&self) {
        (self.clear)();
    }
}

/// Where a cache that is a value lies. It is made when first used: of many contenders, only one may run.
struct Slot<C> {
    current: Arc<Mutex<Option<Arc<C>>>>,
    make: Arc<dyn Fn() -> C + Send + Sync>,
}

impl<C> Slot<C> {
    fn new(make: impl Fn() -> C + Send + Sync + 'static) -> Self {
        Self { current: Arc::default(), make: Arc::new(make) }
    }

    fn get(&self) -> Arc<C> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(current.get_or_insert_with(|| Arc::new((self.make)())))
    }

    fn renew(&self) {
        let old = self.current.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(old);
        self.get();
    }
}

impl<C> Clone for Slot<C> {
    fn clone(&self) -> Self {
        Self { current: Arc::clone(&self.current), make: Arc::clone(&self.make) }
    }
}

/// An executor on this thread. It has nothing to do but to poll: hits are ready at once.
fn runtime() -> Runtime {
    Builder::new_current_thread()
        .build()
        .expect("a runtime without drivers needs nothing that may be missing")
}

/// Keys and values pass through `black_box`, so that no call is hoisted, merged or left out. In a chain that is not
/// needed: what the compiler does not know is that zero is zero.
#[inline]
fn batch<K: Copy>(keys: &[K], calls: Calls, mut call: impl FnMut(K) -> u64) {
    match calls {
        Calls::Independent => {
            for key in keys {
                black_box(call(black_box(*key)));
            }
        }
        Calls::Dependent => {
            let zero = black_box(0);
            let mut last = 0;
            for index in 0..keys.len() {
                last = call(keys[next(index, last, zero)]);
            }
            black_box(last);
        }
    }
}

/// The same, awaited.
#[inline]
async fn batch_of_tasks<K: Copy>(keys: &[K], calls: Calls, call: impl AsyncFn(K) -> u64) {
    match calls {
        Calls::Independent => {
            for key in keys {
                black_box(call(black_box(*key)).await);
            }
        }
        Calls::Dependent => {
            let zero = black_box(0);
            let mut last = 0;
            for index in 0..keys.len() {
                last = call(keys[next(index, last, zero)]).await;
            }
            black_box(last);
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "zero, whatever is cut off")]
#[inline]
fn next(index: usize, last: u64, zero: u64) -> usize {
    index + (last & zero) as usize
}

impl<K> fmt::Debug for Contender<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.library, self.setup)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    use crate::body;

    fn runs_of(contender: &Contender<u64>, keys: &[u64], calls: Calls) -> u64 {
        let before = body::runs();
        contender.run(keys, calls);
        body::runs() - before
    }

    fn check(contender: &Contender<u64>) {
        assert_eq!(runs_of(contender, &[1, 2, 1, 2], Calls::Independent), 2);
        assert_eq!(runs_of(contender, &[1, 2], Calls::Independent), 0);
        contender.clear();
        assert_eq!(runs_of(contender, &[1, 2, 2, 1], Calls::Dependent), 2);
    }

    #[test]
    fn a_value_is_renewed_when_cleared() {
        let call = |map: &Mutex<HashMap<u64, u64>>, key| {
            *map.lock().unwrap().entry(key).or_insert_with(|| body::of(key))
        };
        let contender = Contender::value("std", "", Mutex::default, call);
        assert!(contender.shared().is_some());
        check(&contender);
        let call = async move |map: &Mutex<HashMap<u64, u64>>, key| call(map, key);
        check(&Contender::task_of_value("std", "", Mutex::default, call));
    }

    #[test]
    fn a_bare_structure_is_renewed_when_cleared_and_not_shared() {
        let call = |map: &mut HashMap<u64, u64>, key| *map.entry(key).or_insert_with(|| body::of(key));
        let contender = Contender::bare("std", "", HashMap::new, call);
        assert!(contender.shared().is_none());
        check(&contender);
    }

    #[test]
    fn a_value_is_made_when_it_is_needed() {
        let contender = Contender::value("std", "", || panic!("made"), |&(), key: u64| key);
        assert!(contender.shared().is_some());
    }
}
