//! Every memoized function of the process that was used, and every [`Cache`](crate::Cache): to look at, to clear, to report on.
//!
//! A function with `scope = thread` is seen by its cache of the thread that asks.
//!
//! Inside of a test's [scope](crate::testing::isolate) all of this means the scope's own caches.

use std::fmt;
use std::sync::Arc;

use crate::info::CacheInfo;
pub use crate::report::Report;
use crate::roll::Roll;
use crate::scope;
use crate::store::AnyStore;
use crate::sync::StaticMutex;
use crate::tags::Tag;
use crate::thread;

static STORES: StaticMutex<Roll> = StaticMutex::new(Roll::new());
/// Those whose entries can have tags.
static TAGGED: StaticMutex<Roll> = StaticMutex::new(Roll::new());

pub(crate) fn register(store: &Arc<dyn AnyStore>) {
    STORES.lock().add(Arc::downgrade(store));
    if store.is_tagged() {
        TAGGED.lock().add(Arc::downgrade(store));
    }
}

pub(crate) fn stores() -> Vec<Arc<dyn AnyStore>> {
    let isolation = scope::isolation();
    let mut stores = match &isolation {
        Some(scope) => scope.stores(),
        None => STORES.lock().all(),
    };
    stores.extend(thread::stores(isolation.as_ref()));
    stores
}

/// A memoized function's cache, whatever its types are.
#[derive(Clone)]
pub struct Entry(Arc<dyn AnyStore>);

impl Entry {
    /// The function's path, or the name it was given.
    pub fn name(&self) -> &'static str {
        self.0.name()
    }

    /// Counters and size, now.
    pub fn cache_info(&self) -> CacheInfo {
        self.0.info()
    }

    /// Forgets everything; the number of entries that were there. Counters stay.
    pub fn clear(&self) -> usize {
        self.0.clear()
    }

    /// Sets the counters to zero. Entries stay.
    pub fn reset_info(&self) {
        self.0.reset();
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&self.name()).finish()
    }
}

/// All memoized functions that were used, by name.
pub fn all() -> Vec<Entry> {
    let mut entries: Vec<Entry> = stores().into_iter().map(Entry).collect();
    entries.sort_by_key(Entry::name);
    entries
}

/// The memoized function of this name: the whole of it (`shop::prices::price`), or as many of its last parts as tell
/// it from the others (`price`). `None` if there is none, or if several fit.
pub fn find(name: &str) -> Option<Entry> {
    let entries = all();
    if let Some(exact) = entries.iter().find(|entry| entry.name() == name) {
        return Some(exact.clone());
    }
    let ends_so = |entry: &&Entry| {
        entry.name().strip_suffix(name).is_some_and(|path| !name.is_empty() && path.ends_with("::"))
    };
    let mut fitting = entries.iter().filter(ends_so);
    fitting.next().filter(|_| fitting.next().is_none()).cloned()
}

/// Forgets everything in all caches; the number of entries that were there. Counters stay.
pub fn clear_all() -> usize {
    all().iter().map(Entry::clear).sum()
}

/// Forgets all entries that have this tag, in all caches: O(1) for each cache with tags, however many entries there are. How
/// many entries that were, those among them that had expired already and were not cleared away yet.
///
/// A call that starts after this has returned never sees what was loaded before: a load that is running and has this tag, or
/// turns out to have it, is not kept, and such a call does not join it. The entries are not found any more from now on; a
/// thousand of them are taken out at once, the others by later operations, a bounded number by each.
///
/// ```
/// use cached_core::{Cache, memoize, registry};
///
/// #[memoize(tags = ["user:{id}"])]
/// fn name(id: u64) -> String {
///     format!("name of {id}")
/// }
///
/// let orders: Cache<u64, Vec<u32>> = Cache::builder().tags(|user| [format!("user:{user}")]).build();
/// name(7);
/// name(8);
/// orders.insert(7, vec![1001, 1002]);
/// assert_eq!(registry::invalidate_tag("user:7"), 2);
/// assert!(!name::contains(7) && !orders.contains(&7) && name::contains(8));
/// ```
pub fn invalidate_tag(tag: impl Into<Tag>) -> usize {
    let tag = tag.into();
    let isolation = scope::isolation();
    let mut tagged = match &isolation {
        Some(scope) => scope.stores(),
        None => TAGGED.lock().all(),
    };
    // Those of this thread and of a request are listed by nobody else.
    tagged.extend(thread::stores(isolation.as_ref()));
    if let Some(request) = scope::current().filter(|scope| !scope.isolates()) {
        tagged.extend(request.stores());
    }
    let forgotten = tagged.iter().map(|store| store.forget_tag(&tag)).sum();
    // A function that calls another may meanwhile have read there what was yet to be forgotten. Its turn comes again: after each round
    // one more floor of calls is clean, from the bottom.
    for _ in 1..tagged.len().min(FLOORS) {
        tagged.iter().for_each(|store| _ = store.forget_tag(&tag));
    }
    forgotten
}

/// How deep functions of one tag may call each other for that.
const FLOORS: usize = 8;

/// All caches in a table, the largest time saved first, and what their counters say about how they should be changed.
pub fn report() -> Report {
    Report::new(all().iter().map(Entry::cache_info).collect())
}
