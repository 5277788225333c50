//! Whose entries a memo means: the process's, those of a scope that a test or a request has entered, or a thread's.
//!
//! Nothing of this depends on a memo's types, and it happens rarely, so that it is compiled once for all of them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use crate::clock::Clock;
use crate::policy::PolicyKind;
use crate::scope::{self, Scope};
use crate::spec::{Reach, Said};
use crate::store::{AnyStore, Core};
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
    /// What its attribute says.
    fn say(&self) -> Said;
    /// Whether it is an instance's.
    fn is_open(&self) -> bool;
    /// Makes a store; all of it but what depends on its types is made by `how`. Runs user code.
    fn make(&self, how: &dyn Fn(Said) -> Core) -> Arc<dyn AnyStore>;
    /// The store of the process, if it has been made.
    fn global(&self) -> Option<&Arc<dyn AnyStore>>;
    /// Keeps one as that, unless there is one; what is kept.
    fn keep_global(&self, made: Arc<dyn AnyStore>) -> &Arc<dyn AnyStore>;
    /// Shows the memo that stands in for an instance's as long as nobody knows whose that is; whether there is one.
    fn show_early(&self, show: &mut dyn FnMut(&dyn AnyMemo)) -> bool;
    /// Moves what there was in it into a store that has just been made. Runs user code.
    fn take_early(&self, store: &dyn AnyStore);
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

    /// The name in reports.
    pub(crate) fn name_or(&self, say: &dyn Fn() -> Said) -> &'static str {
        match self.name.get() {
            Some(name) => name,
            None => {
                let name = say().name();
                self.name.get_or_init(|| name)
            }
        }
    }

    /// The store that is there already of those that a thread would find now, given that of the process. One of a request or of a
    /// thread alone is not looked for.
    pub(crate) fn made(&self, global: Option<&Arc<dyn AnyStore>>) -> Option<Arc<dyn AnyStore>> {
        match (self.reach.get(), scope::isolation()) {
            (Some(Reach::Request | Reach::Thread), _) => None,
            (_, Some(scope)) => scope.made(self.number()),
            (_, None) => global.cloned(),
        }
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
fn of_scope(memo: &dyn AnyMemo, scope: &Scope) -> (Arc<dyn AnyStore>, bool) {
    let mut is_new = false;
    let store = scope.store(memo.whose().number(), &mut |clock| {
        is_new = true;
        make(memo, &Wanted::By(clock), None)
    });
    (store, is_new)
}

/// The store of this thread, in the scope that isolates it; in its last moments, when it has none any more, a store
/// for one call.
fn of_thread(memo: &dyn AnyMemo) -> Arc<dyn AnyStore> {
    let scope = scope::isolation();
    let by_clock = || make(memo, &Wanted::By(scope.as_ref().map_or(Clock::System, Scope::clock)), None);
    let store = thread::store(memo.whose().number(), scope.as_ref(), &by_clock);
    store.unwrap_or_else(|| make(memo, &Wanted::Idle, None))
}

/// Makes a store; what it has counted when it goes, `heir` goes on with. Runs user code.
fn make(memo: &dyn AnyMemo, wanted: &Wanted, heir: Option<&Arc<dyn AnyStore>>) -> Arc<dyn AnyStore> {
    let name = memo.whose().name_or(&|| memo.say());
    memo.make(&|said| {
        let (clock, options) = match wanted {
            Wanted::By(clock) => (clock.clone(), said.options_of()),
            Wanted::Idle => (Clock::System, said.options_of().max(0).policy(PolicyKind::Fifo)),
        };
        let mut core = Core::new(name, options, said.into_hooks(), clock);
        if let Some(heir) = heir {
            core.set_heir(Arc::clone(heir));
        }
        core
    })
}

/// Whose the entries of a memo are.
fn reach(memo: &dyn AnyMemo) -> Reach {
    match memo.whose().reach.get() {
        Some(reach) => *reach,
        None => {
            // Found out before the cell is filled: what says so is user code. Who does not know yet whose it is will be an instance's.
            let said = if memo.is_open() { Reach::Process } else { memo.say().reach() };
            *memo.whose().reach.get_or_init(|| said)
        }
    }
}

/// The store that a call on this thread uses now.
pub(crate) fn store(memo: &dyn AnyMemo) -> Arc<dyn AnyStore> {
    if let Some(store) = scoped(memo) {
        return store;
    }
    if let Some(store) = memo.global() {
        return Arc::clone(store);
    }
    let mut found = None;
    if memo.show_early(&mut |early| found = Some(store(early))) {
        return found.expect("it was shown");
    }
    match reach(memo) {
        Reach::Process => listed(memo),
        Reach::Request => of_request(memo),
        Reach::Thread => of_thread(memo),
    }
}

/// The store whose counters are shown.
pub(crate) fn shown(memo: &dyn AnyMemo) -> Arc<dyn AnyStore> {
    if reach(memo) == Reach::Request && scope::current().is_none() { totals(memo) } else { store(memo) }
}

/// That of the scope that this thread has entered.
fn scoped(memo: &dyn AnyMemo) -> Option<Arc<dyn AnyStore>> {
    if !scope::may_be_isolated() || reach(memo) != Reach::Process {
        return None;
    }
    let scope = scope::isolation()?;
    let mut found = None;
    if memo.show_early(&mut |early| found = scoped(early)) {
        return found;
    }
    let (store, is_new) = of_scope(memo, &scope);
    if is_new {
        memo.take_early(&*store);
    }
    Some(store)
}

/// That of the process, made at first use, which the registry lists.
fn listed(memo: &dyn AnyMemo) -> Arc<dyn AnyStore> {
    // Made outside of the cell: options are user code, and may come back here.
    let made = make(memo, &Wanted::By(Clock::System), None);
    let store = memo.keep_global(Arc::clone(&made));
    if Arc::ptr_eq(store, &made) {
        registry::register(&made);
        memo.take_early(&**store);
    }
    Arc::clone(store)
}

/// The store of the scope that was entered last; without one, a store for one call, which keeps nothing.
fn of_request(memo: &dyn AnyMemo) -> Arc<dyn AnyStore> {
    let number = memo.whose().number();
    match scope::current() {
        Some(scope) if scope.isolates() => of_scope(memo, &scope).0,
        Some(scope) => scope.store(number, &mut |clock| make(memo, &Wanted::By(clock), Some(&heir(memo)))),
        None => make(memo, &Wanted::Idle, Some(&heir(memo))),
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
fn totals(memo: &dyn AnyMemo) -> Arc<dyn AnyStore> {
    let cell = &memo.whose().totals;
    if let Some(totals) = cell.get() {
        return Arc::clone(totals);
    }
    // Made outside of the cell: options are user code, and may come back here.
    let made = make(memo, &Wanted::By(Clock::System), None);
    let totals = cell.get_or_init(|| Arc::clone(&made));
    if Arc::ptr_eq(totals, &made) {
        registry::register(&made);
    }
    Arc::clone(totals)
}
