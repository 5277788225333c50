//! What is measured: a library in one of its configurations, behind one face.
//!
//! A contender takes keys by the batch. The loop over a batch is compiled together with the call in it, so that the
//! dynamic dispatch that lets contenders share a list is paid once a batch, not once a call.

use std::cell::RefCell;
use std::fmt;
use std::hint::black_box;
use std::rc::Rc;
use std::sync::{Arc, PoisonError, RwLock};

/// Looks keys up, one after the other. For keys of type `K`.
pub(crate) struct Contender<K> {
    /// The library.
    pub(crate) library: &'static str,
    /// How it is set up.
    pub(crate) setup: &'static str,
    lane: Lane<K>,
    clear: Box<dyn Fn()>,
}

/// A batch on the thread that made the contender.
type Alone<K> = dyn Fn(&[K]);

/// A batch on any thread, while others run too.
pub(crate) type Shared<K> = dyn Fn(&[K]) + Send + Sync;

enum Lane<K> {
    /// Without a lock: on one thread only.
    Alone(Box<Alone<K>>),
    Shared(Box<Shared<K>>),
}

impl<K: Copy + 'static> Contender<K> {
    /// A function that has its cache about it, as an attribute makes it. `clear` empties the cache.
    pub(crate) fn function(
        library: &'static str,
        setup: &'static str,
        call: impl Fn(K) -> u64 + Send + Sync + 'static,
        clear: impl Fn() + 'static,
    ) -> Self {
        let run = move |keys: &[K]| each(keys, &call);
        Self { library, setup, lane: Lane::Shared(Box::new(run)), clear: Box::new(clear) }
    }

    /// A cache that is a value. It is emptied by making another, which also gives its memory back.
    pub(crate) fn value<C: Send + Sync + 'static>(
        library: &'static str,
        setup: &'static str,
        make: impl Fn() -> C + 'static,
        call: impl Fn(&C, K) -> u64 + Send + Sync + 'static,
    ) -> Self {
        let current = Arc::new(RwLock::new(Arc::new(make())));
        let renewed = Arc::clone(&current);
        let run = move |keys: &[K]| {
            let cache = Arc::clone(&current.read().unwrap_or_else(PoisonError::into_inner));
            each(keys, |key| call(&cache, key));
        };
        let clear = move || *renewed.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(make());
        Self { library, setup, lane: Lane::Shared(Box::new(run)), clear: Box::new(clear) }
    }

    /// A data structure without any lock, as the limit of what the others can reach.
    pub(crate) fn bare<C: 'static>(
        library: &'static str,
        setup: &'static str,
        make: impl Fn() -> C + 'static,
        call: impl Fn(&mut C, K) -> u64 + 'static,
    ) -> Self {
        let current = Rc::new(RefCell::new(make()));
        let renewed = Rc::clone(&current);
        let run = move |keys: &[K]| {
            let structure = &mut *current.borrow_mut();
            each(keys, |key| call(structure, key));
        };
        let clear = move || drop(renewed.replace(make()));
        Self { library, setup, lane: Lane::Alone(Box::new(run)), clear: Box::new(clear) }
    }

    /// Looks up a batch of keys.
    pub(crate) fn run(&self, keys: &[K]) {
        match &self.lane {
            Lane::Alone(run) => run(keys),
            Lane::Shared(run) => run(keys),
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

/// Keys and values pass through `black_box`, so that no call is hoisted, merged or left out.
#[inline]
fn each<K: Copy>(keys: &[K], mut call: impl FnMut(K) -> u64) {
    for key in keys {
        black_box(call(black_box(*key)));
    }
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
    use std::sync::Mutex;

    use crate::body;

    fn runs_of(contender: &Contender<u64>, keys: &[u64]) -> u64 {
        let before = body::runs();
        contender.run(keys);
        body::runs() - before
    }

    fn check(contender: &Contender<u64>) {
        assert_eq!(runs_of(contender, &[1, 2, 1, 2]), 2);
        assert_eq!(runs_of(contender, &[1, 2]), 0);
        contender.clear();
        assert_eq!(runs_of(contender, &[1, 2]), 2);
    }

    #[test]
    fn a_value_is_renewed_when_cleared() {
        let call = |map: &Mutex<HashMap<u64, u64>>, key| {
            *map.lock().unwrap().entry(key).or_insert_with(|| body::of(key))
        };
        let contender = Contender::value("std", "", Mutex::default, call);
        assert!(contender.shared().is_some());
        check(&contender);
    }

    #[test]
    fn a_bare_structure_is_renewed_when_cleared_and_not_shared() {
        let call = |map: &mut HashMap<u64, u64>, key| *map.entry(key).or_insert_with(|| body::of(key));
        let contender = Contender::bare("std", "", HashMap::new, call);
        assert!(contender.shared().is_none());
        check(&contender);
    }
}
