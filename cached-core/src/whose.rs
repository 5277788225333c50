//! Whose entries a memo means: the process's, those of a scope that a test or a request has entered, or a thread's.
//!
//! Nothing of this depends on a memo's types, and it happens rarely, so that it is compiled once for all of them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use crate::clock::Clock;
use crate::scope::{self, Scope};
use crate::spec::Reach;
use crate::store::AnyStore;
use crate::{registry, thread};

/// What a memo keeps of it.
pub(crate) struct Whose {
    /// Given at first use; 0 until then.
    number: AtomicUsize,
    name: OnceLock<&'static str>,
    reach: OnceLock<Reach>,
    /// Of a function whose caches are requests': what these have counted.
    totals: OnceLock<Arc<dyn AnyStore>>,
}

/// A store that is to be made.
pub(crate) enum Wanted {
    By(Clock),
    /// One that keeps nothing, and costs little to make.
    Idle,
}

/// A memo, whatever its types are.
pub(crate) trait AnyMemo {
    fn whose(&self) -> &Whose;
    /// Makes a store; what it has counted when it goes, `heir` goes on with. Runs user code.
    fn make(&self, wanted: Wanted, heir: Option<Arc<dyn AnyStore>>) -> Arc<dyn AnyStore>;
}

impl Whose {
    pub(crate) const fn new() -> Self {
        Self {
            number: AtomicUsize::new(0),
            name: OnceLock::new(),
            reach: OnceLock::new(),
            totals: OnceLock::new(),
        }
    }

    /// The name in reports, where that was found out.
    pub(crate) fn name(&self) -> Option<&'static str> {
        self.name.get().copied()
    }

    pub(crate) fn keep_name(&self, found: &'static str) -> &'static str {
        self.name.get_or_init(|| found)
    }

    /// Whose its entries are, where that was found out.
    pub(crate) fn reach(&self) -> Option<Reach> {
        self.reach.get().copied()
    }

    pub(crate) fn keep_reach(&self, found: Reach) -> Reach {
        *self.reach.get_or_init(|| found)
    }

    /// The number under which scopes and threads know this memo.
    fn number(&self) -> usize {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let known = self.number.load(Ordering::Relaxed);
        if known != 0 {
            return known;
        }
        let fresh = NEXT.fetch_add(1, Ordering::Relaxed);
        match self.number.compare_exchange(0, fresh, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => fresh,
            Err(other) => other,
        }
    }
}

/// The store of a test's scope, and whether it was made for this.
pub(crate) fn of_scope(memo: &dyn AnyMemo, scope: &Scope) -> (Arc<dyn AnyStore>, bool) {
    let mut is_new = false;
    let store = scope.store(memo.whose().number(), &mut |clock| {
        is_new = true;
        memo.make(Wanted::By(clock), None)
    });
    (store, is_new)
}

/// The store of this thread, in the scope that isolates it; in its last moments, when it has none any more, a store
/// for one call.
pub(crate) fn of_thread(memo: &dyn AnyMemo) -> Arc<dyn AnyStore> {
    let scope = scope::isolation();
    let make = || memo.make(Wanted::By(scope.as_ref().map_or(Clock::System, Scope::clock)), None);
    let store = thread::store(memo.whose().number(), scope.as_ref(), &make);
    store.unwrap_or_else(|| memo.make(Wanted::Idle, None))
}

/// The store of the scope that was entered last; without one, a store for one call, which keeps nothing.
pub(crate) fn of_request(memo: &dyn AnyMemo) -> Arc<dyn AnyStore> {
    let number = memo.whose().number();
    match scope::current() {
        Some(scope) if scope.isolates() => of_scope(memo, &scope).0,
        Some(scope) => scope.store(number, &mut |clock| memo.make(Wanted::By(clock), Some(heir(memo)))),
        None => memo.make(Wanted::Idle, Some(heir(memo))),
    }
}

/// Where the counts of a request go when it ends.
fn heir(memo: &dyn AnyMemo) -> Arc<dyn AnyStore> {
    match scope::isolation() {
        Some(scope) => of_scope(memo, &scope).0,
        None => totals(memo),
    }
}

/// What all requests have counted.
pub(crate) fn totals(memo: &dyn AnyMemo) -> Arc<dyn AnyStore> {
    let cell = &memo.whose().totals;
    if let Some(totals) = cell.get() {
        return Arc::clone(totals);
    }
    // Made outside of the cell: options are user code, and may come back here.
    let made = memo.make(Wanted::By(Clock::System), None);
    let totals = cell.get_or_init(|| Arc::clone(&made));
    if Arc::ptr_eq(totals, &made) {
        registry::register(&made);
    }
    Arc::clone(totals)
}
