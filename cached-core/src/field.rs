//! The cache of one instance before any call of its method: it does not know yet whose it is, and so by which options it
//! goes. What is put into it until then waits in a cache without any, and moves when the method is known.

use std::fmt;
use std::hash::Hash;
use std::sync::OnceLock;

use crate::key::{ByKey, Owned};
use crate::memo::Memo;
use crate::spec::Spec;
use crate::store::{AnyStore, Store};

/// Whose a memo is, as far as is known.
pub(crate) struct Open<K: 'static, V: 'static> {
    spec: OnceLock<fn() -> Spec<K, V>>,
    /// Another address of the same, once that has been looked at.
    again: OnceLock<fn() -> Spec<K, V>>,
    early: OnceLock<Box<Early<K, V>>>,
    /// See [`early`](Self::early): a pointer, so that only memos of fields compile it.
    find_early: for<'a> fn(&'a Self) -> Option<&'a Early<K, V>>,
    /// The same of [`move_into`](Self::move_into).
    move_early: fn(&Self, &dyn AnyStore),
}

/// What there was before.
pub(crate) struct Early<K: 'static, V: 'static> {
    pub(crate) memo: Memo<K, V>,
    /// Said by whoever puts something in, who knows how keys are compared.
    adopt: OnceLock<Adopt<K, V>>,
}

/// Moves entries from an early cache to a store.
type Adopt<K, V> = fn(&Early<K, V>, &dyn AnyStore);

impl<K, V> Open<K, V> {
    pub(crate) const fn new() -> Self {
        Self {
            spec: OnceLock::new(),
            again: OnceLock::new(),
            early: OnceLock::new(),
            find_early: Self::find_early,
            move_early: Self::move_early,
        }
    }

    /// # Panics
    /// If another method is bound to it: each would be answered with what the other made.
    pub(crate) fn bind(&self, spec: fn() -> Spec<K, V>) {
        let bound = *self.spec.get_or_init(|| spec);
        if !std::ptr::fn_addr_eq(bound, spec) {
            self.bind_again(bound, spec);
        }
    }

    /// The same function may have several addresses, and an object that holds a memo may become one of other parameters.
    #[cold]
    fn bind_again(&self, bound: fn() -> Spec<K, V>, spec: fn() -> Spec<K, V>) {
        if self.again.get().is_some_and(|again| std::ptr::fn_addr_eq(*again, spec)) {
            return;
        }
        let (first, other) = (bound().into_parts().1.written(), spec().into_parts().1.written());
        assert!(
            first == other,
            "a memo keeps the values of one method, {first}, and not those of {other} as well"
        );
        self.again.get_or_init(|| spec);
    }

    pub(crate) fn spec(&self) -> Spec<K, V> {
        self.spec.get().map_or_else(nobodys, |spec| spec())
    }

    /// The cache that is used until the method is known.
    pub(crate) fn early(&self) -> Option<&Early<K, V>> {
        (self.find_early)(self)
    }

    fn find_early(&self) -> Option<&Early<K, V>> {
        if self.spec.get().is_some() {
            return None;
        }
        let make = || Box::new(Early { memo: Memo::__of(nobodys), adopt: OnceLock::new() });
        Some(self.early.get_or_init(make))
    }
}

impl<K, V> Open<K, V> {
    /// Moves what there was into the store that has just been made.
    pub(crate) fn move_into(&self, store: &dyn AnyStore) {
        (self.move_early)(self, store);
    }

    fn move_early(&self, store: &dyn AnyStore) {
        let Some(early) = self.early.get() else { return };
        if let Some(adopt) = early.adopt.get() {
            adopt(early, store);
        }
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Early<K, V> {
    pub(crate) fn insert(&self, key: K, value: V)
    where
        K: Hash + Eq + Clone,
        V: Clone,
    {
        self.adopt.get_or_init(|| adopt::<K, V>);
        self.memo.store().insert(&Owned(key), value);
    }
}

fn nobodys<K, V>() -> Spec<K, V> {
    Spec::new("memo", "memo")
}

fn adopt<K, V>(early: &Early<K, V>, to: &dyn AnyStore)
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    let (from, to, mut keys) = (early.memo.store(), Store::<K, V>::of(to), Vec::new());
    from.for_each(|key, _| keys.push(key.clone()));
    for key in keys {
        // Under the lease: what is invalidated meanwhile, here or there, is not stored.
        to.adopt(&Owned(key.clone()), || from.peek(&ByKey(&key)));
        from.invalidate(&ByKey(&key));
    }
}

impl<K, V> fmt::Debug for Open<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Open").field("bound", &self.spec.get().is_some()).finish_non_exhaustive()
    }
}

/// Whether what is known only to the compiler of a method's keys and values is as a memo needs it.
#[derive(Debug)]
pub struct Fits<const ARE_FIT: bool>;

/// What a field is of which a method says that it keeps its values: a memo of its types; or anything, where those were refused
/// with an error, so that there is only that one.
pub trait FieldOf<K: 'static, V: 'static> {
    /// Its type.
    type Field: ?Sized;
    /// The memo, which learns here whose it is.
    fn bound(field: &Self::Field, spec: fn() -> Spec<K, V>) -> &Memo<K, V>;
}

impl<K: 'static, V: 'static> FieldOf<K, V> for Fits<true> {
    type Field = Memo<K, V>;

    #[inline]
    fn bound(field: &Memo<K, V>, spec: fn() -> Spec<K, V>) -> &Memo<K, V> {
        field.bind(spec);
        field
    }
}

/// See [`FieldOf`].
pub trait Anything {}

impl<T> Anything for T {}

impl<K: 'static, V: 'static> FieldOf<K, V> for Fits<false> {
    type Field = dyn Anything;

    fn bound(_: &dyn Anything, _: fn() -> Spec<K, V>) -> &Memo<K, V> {
        unreachable!("what was refused is not compiled")
    }
}
