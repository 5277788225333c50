//! The store of the process, as a memo has it: kept for whoever needs no types, and at hand for a hit, which does.

#![expect(
    unsafe_code,
    reason = "a checked cast is a virtual call, and one cell for both saves each type of memo a cell of its own"
)]

use std::marker::PhantomData;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, OnceLock};

use crate::store::{AnyStore, Store};

/// See the module's words.
pub(crate) struct Global<K, V> {
    kept: OnceLock<Arc<dyn AnyStore>>,
    /// What is kept, once it is known to be of these types; null until then.
    at: AtomicPtr<()>,
    /// Whoever may have such a store may have this.
    _store: PhantomData<OnceLock<Arc<Store<K, V>>>>,
}

impl<K, V> Global<K, V> {
    pub(crate) const fn new() -> Self {
        Self { kept: OnceLock::new(), at: AtomicPtr::new(ptr::null_mut()), _store: PhantomData }
    }

    #[inline(always)]
    pub(crate) fn get(&self) -> Option<&Store<K, V>> {
        let at = self.at.load(Ordering::Acquire);
        if at.is_null() {
            return None;
        }
        // SAFETY: it points to what is kept, which is there, and not moved, as long as this is. Whoever sees the pointer sees the
        // store as it was when `keep` looked at it.
        Some(unsafe { &*(at as *const Store<K, V>) })
    }

    pub(crate) fn any(&self) -> Option<&Arc<dyn AnyStore>> {
        self.kept.get()
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Global<K, V> {
    /// Keeps a store, unless there is one; what is kept.
    pub(crate) fn keep(&self, store: Arc<dyn AnyStore>) -> &Arc<dyn AnyStore> {
        let _ = self.kept.set(store);
        let kept = self.kept.get().expect("it has been set");
        let typed: &Store<K, V> = Store::of(&**kept);
        self.at.store(&raw const *typed as *mut (), Ordering::Release);
        kept
    }
}
