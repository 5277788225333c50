//! Caches of one thread: `scope = thread`. Each thread keeps its own stores here, and drops them when it ends.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::scope::{Scope, WeakScope};
use crate::store::AnyStore;

/// What a cache of one thread keeps of values that threads cannot share, such as an `Rc`: to be looked at as what it
/// holds.
///
/// The function itself and the verbs of its companion give and take the value alone. Only the memo's own verbs, and the
/// closures of options that see keys and values, see this around it.
///
/// # Panics
/// Looking at it on another thread panics. Only by way of the [registry](crate::registry) can another thread get at such a cache
/// at all. There, what it removes is never dropped.
pub struct Local<T> {
    thread: u64,
    /// Taken out for the drop alone.
    value: Option<T>,
}

// SAFETY: the value is only looked at, moved out and dropped on the thread that put it in: `own` and `into_own` assert that, and
// `drop` forgets it elsewhere. The number of a thread is never given to another.
#[expect(unsafe_code, reason = "every access checks the thread")]
unsafe impl<T> Send for Local<T> {}
// SAFETY: as above.
#[expect(unsafe_code, reason = "every access checks the thread")]
unsafe impl<T> Sync for Local<T> {}

/// The number of this thread, which no other ever has.
#[inline]
fn this_thread() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    // Never torn down, as there is nothing to drop.
    std::thread_local!(static NUMBER: u64 = NEXT.fetch_add(1, Ordering::Relaxed));
    NUMBER.with(|number| *number)
}

impl<T> Local<T> {
    /// A value of this thread.
    #[inline]
    pub fn new(value: T) -> Self {
        Self { thread: this_thread(), value: Some(value) }
    }

    /// The value.
    ///
    /// # Panics
    /// On another thread than the one that made it.
    #[inline]
    pub fn into_own(mut self) -> T {
        self.assert_here();
        self.value.take().expect("a value is moved out once")
    }

    #[inline]
    fn own(&self) -> &T {
        self.assert_here();
        self.value.as_ref().expect("a value is moved out last")
    }

    #[inline]
    fn is_here(&self) -> bool {
        self.thread == this_thread()
    }

    #[inline]
    fn assert_here(&self) {
        assert!(
            self.is_here(),
            "a value of a cache with `scope = thread` belongs to the thread that made it"
        );
    }
}

impl<T> Drop for Local<T> {
    fn drop(&mut self) {
        if !self.is_here() {
            std::mem::forget(self.value.take());
        }
    }
}

impl<T> Deref for Local<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.own()
    }
}

impl<T> Borrow<T> for Local<T> {
    fn borrow(&self) -> &T {
        self.own()
    }
}

impl<T> AsRef<T> for Local<T> {
    fn as_ref(&self) -> &T {
        self.own()
    }
}

impl<T: Clone> Clone for Local<T> {
    #[inline]
    fn clone(&self) -> Self {
        Self { thread: self.thread, value: Some(self.own().clone()) }
    }
}

impl<T: PartialEq> PartialEq for Local<T> {
    fn eq(&self, other: &Self) -> bool {
        self.own() == other.own()
    }
}

impl<T: Eq> Eq for Local<T> {}

impl<T: PartialOrd> PartialOrd for Local<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.own().partial_cmp(other.own())
    }
}

impl<T: Ord> Ord for Local<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.own().cmp(other.own())
    }
}

impl<T: Hash> Hash for Local<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.own().hash(state);
    }
}

/// Another thread may have to name a call that it waits for: it sees no more than that there is a value.
impl<T: fmt::Debug> fmt::Debug for Local<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_here() { self.own().fmt(f) } else { f.write_str("..") }
    }
}

/// As the value is shown. Tags are made of this.
impl<T: fmt::Display> fmt::Display for Local<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_here() { self.own().fmt(f) } else { f.write_str("..") }
    }
}

/// A future that keeps to its thread: one that holds this cannot be sent.
#[derive(Debug)]
pub struct ScopeThread(std::marker::PhantomData<*const ()>);

impl ScopeThread {
    /// For a future to hold.
    pub const fn here() -> Self {
        Self(std::marker::PhantomData)
    }

    /// Holds it to here.
    pub const fn end(self) {}
}

/// The stores of a thread.
#[derive(Default)]
struct Stores {
    /// Outside of any scope, at the numbers of their memos.
    own: Vec<Option<Arc<dyn AnyStore>>>,
    /// By the address of their scope, and the number of their memo.
    scoped: HashMap<(usize, usize), Arc<dyn AnyStore>>,
    /// The scopes among them: an address is not used again while this is here.
    scopes: HashMap<usize, WeakScope>,
}

std::thread_local!(static STORES: RefCell<Stores> = RefCell::default());

/// The store that a memo has on this thread, in that scope; `make` makes it at the first use. `None` in a thread's last
/// moments, when its stores are gone.
pub(crate) fn store(
    memo: usize,
    scope: Option<&Scope>,
    make: &dyn Fn() -> Arc<dyn AnyStore>,
) -> Option<Arc<dyn AnyStore>> {
    let find = |stores: &RefCell<Stores>| match (stores.borrow(), scope) {
        (stores, None) => stores.own.get(memo).cloned().flatten(),
        (stores, Some(scope)) => stores.scoped.get(&(scope.address(), memo)).cloned(),
    };
    match STORES.try_with(find).ok()? {
        Some(store) => Some(store),
        None => add(memo, scope, make()),
    }
}

#[cold]
fn add(memo: usize, scope: Option<&Scope>, made: Arc<dyn AnyStore>) -> Option<Arc<dyn AnyStore>> {
    let add = |stores: &RefCell<Stores>| {
        let mut stores = stores.borrow_mut();
        // What was made meanwhile, by options that call the function, came first.
        let Some(scope) = scope else {
            let len = stores.own.len().max(memo + 1);
            stores.own.resize(len, None);
            return Arc::clone(stores.own[memo].get_or_insert(made));
        };
        stores.scopes.entry(scope.address()).or_insert_with(|| scope.downgrade());
        Arc::clone(stores.scoped.entry((scope.address(), memo)).or_insert(made))
    };
    STORES.try_with(add).ok()
}

/// All stores that this thread has in a scope.
pub(crate) fn stores(scope: Option<&Scope>) -> Vec<Arc<dyn AnyStore>> {
    let all = |stores: &RefCell<Stores>| match (stores.borrow(), scope.map(Scope::address)) {
        (stores, None) => stores.own.iter().flatten().cloned().collect(),
        (stores, Some(scope)) => {
            let own = stores.scoped.iter().filter(|(at, _)| at.0 == scope);
            own.map(|(_, store)| Arc::clone(store)).collect()
        }
    };
    STORES.try_with(all).unwrap_or_default()
}

/// Drops the stores of scopes that have ended.
pub(crate) fn forget_ended() {
    let ended = |stores: &RefCell<Stores>| {
        let stores = &mut *stores.borrow_mut();
        let ended: Vec<usize> = stores
            .scopes
            .iter()
            .filter(|(_, scope)| scope.has_ended())
            .map(|(address, _)| *address)
            .collect();
        stores.scopes.retain(|address, _| !ended.contains(address));
        let gone: Vec<_> = stores.scoped.keys().filter(|at| ended.contains(&at.0)).copied().collect();
        gone.into_iter().filter_map(|at| stores.scoped.remove(&at)).collect::<Vec<_>>()
    };
    // Dropped here, with nothing borrowed: values' drops may call anything.
    drop(STORES.try_with(ended));
}
