//! Pairs of types that are not known here: what is known of them instead, and how they are handed about.
//!
//! What is done to pairs, other than to look at them, is to move them and to drop them. For that their size and a pointer to
//! their drop will do, so that the engine is compiled once, and not for each type of key and value.

#![expect(clippy::ptr_as_ptr, reason = "each cast by a method is a function that is compiled for each type")]

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::any::TypeId;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, needs_drop};
use std::ptr::{self, NonNull};

use crate::tags::Held;

/// A key and its value. Neither changes while readers may see them.
pub(crate) struct Pair<K, V> {
    pub(crate) key: K,
    pub(crate) value: V,
}

/// What is known of the pairs of a shelf.
pub(crate) struct Kind {
    pub(super) layout: Layout,
    /// Which types they are of.
    id: fn() -> TypeId,
    drop: Option<unsafe fn(NonNull<u8>)>,
}

impl Kind {
    /// That of these types: a shelf has no pairs that could not be used, and dropped, by any thread.
    pub(crate) const fn of<K: Send + Sync + 'static, V: Send + Sync + 'static>() -> &'static Self {
        const {
            let drop: unsafe fn(NonNull<u8>) = drop_pair::<K, V>;
            &Self {
                layout: Layout::new::<Pair<K, V>>(),
                id: TypeId::of::<Pair<K, V>>,
                drop: if needs_drop::<Pair<K, V>>() { Some(drop) } else { None },
            }
        }
    }

    pub(crate) fn is<K: 'static, V: 'static>(&self) -> bool {
        (self.id)() == TypeId::of::<Pair<K, V>>()
    }

    /// Whether it matters that a pair is dropped.
    pub(crate) fn needs_drop(&self) -> bool {
        self.drop.is_some()
    }
}

/// # Safety
/// There is a pair of these types, which nobody looks at any more.
unsafe fn drop_pair<K, V>(pair: NonNull<u8>) {
    // SAFETY: the caller's word.
    unsafe { ptr::drop_in_place(pair.as_ptr() as *mut Pair<K, V>) };
}

/// A pair that may be looked at.
#[derive(Clone, Copy)]
pub(crate) struct AnyPair<'a> {
    place: NonNull<u8>,
    _pair: PhantomData<&'a u8>,
}

impl AnyPair<'_> {
    /// # Safety
    /// There is a pair, and it stays as long as this does.
    #[inline(always)]
    pub(super) unsafe fn new<T>(place: NonNull<T>) -> Self {
        Self { place: place.cast(), _pair: PhantomData }
    }

    /// # Safety
    /// These are its types.
    #[inline(always)]
    pub(crate) unsafe fn typed<K, V>(&self) -> &Pair<K, V> {
        // SAFETY: the caller's word.
        unsafe { &*(self.place.as_ptr() as *const Pair<K, V>) }
    }
}

/// A pair that is to be handed over.
pub(crate) struct Packed<K, V>(ManuallyDrop<Pair<K, V>>);

impl<K, V> Packed<K, V> {
    #[inline(always)]
    pub(crate) const fn new(key: K, value: V) -> Self {
        Self(ManuallyDrop::new(Pair { key, value }))
    }

    /// Hands it over. Who gets it takes it, or forgets it.
    ///
    /// # Safety
    /// This is done once.
    #[inline(always)]
    pub(crate) unsafe fn parcel(&mut self) -> Parcel<'_> {
        // SAFETY: what is here is somewhere.
        let place = unsafe { NonNull::new_unchecked(&raw mut self.0 as *mut u8) };
        Parcel { place, _pair: PhantomData }
    }
}

/// A pair on its way onto a shelf.
pub(crate) struct Parcel<'a> {
    place: NonNull<u8>,
    _pair: PhantomData<&'a u8>,
}

impl Parcel<'_> {
    /// Moves it to a place.
    ///
    /// # Safety
    /// It is a pair of this kind, and so the place is for one.
    #[inline]
    pub(super) unsafe fn put(self, place: NonNull<u8>, kind: &Kind) {
        // SAFETY: the caller's word; a pair that was handed over is used no more where it was.
        unsafe { self.place.copy_to_nonoverlapping(place, kind.layout.size()) };
    }
}

/// What was removed and is seen by nobody any more: to be dropped with no lock held.
pub(crate) struct Garbage {
    pairs: Pairs,
    #[expect(clippy::vec_box, reason = "as they lie beside the slots")]
    tags: Vec<Box<Held>>,
}

impl Garbage {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self { pairs: Pairs::new(), tags: Vec::new() }
    }

    pub(in crate::engine) fn extend(&mut self, mut more: Self) {
        self.pairs.append(&mut more.pairs);
        self.tags.append(&mut more.tags);
    }

    /// Moves a pair in here, and its tags.
    ///
    /// # Safety
    /// There is a pair of this kind, which is used there no more; all pairs in here are of this kind.
    pub(super) unsafe fn take(&mut self, pair: NonNull<u8>, kind: &'static Kind, tags: Option<Box<Held>>) {
        if kind.needs_drop() {
            // SAFETY: the caller's word.
            unsafe { self.pairs.push(pair, kind) };
        }
        self.tags.extend(tags);
    }
}

/// Pairs side by side, as in a `Vec`.
struct Pairs {
    /// Of these pairs, if there are any.
    kind: Option<&'static Kind>,
    memory: NonNull<u8>,
    capacity: usize,
    len: usize,
}

// SAFETY: there are no kinds but of pairs that any thread may have.
unsafe impl Send for Pairs {}
// SAFETY: as above.
unsafe impl Sync for Pairs {}

impl Pairs {
    const fn new() -> Self {
        Self { kind: None, memory: NonNull::dangling(), capacity: 0, len: 0 }
    }

    /// # Safety
    /// See [`Garbage::take`].
    unsafe fn push(&mut self, pair: NonNull<u8>, kind: &'static Kind) {
        self.reserve(1, kind);
        // SAFETY: there is room for it.
        unsafe { pair.copy_to_nonoverlapping(self.place(self.len, kind), kind.layout.size()) };
        self.len += 1;
    }

    /// Takes all pairs of another, which are of the same kind.
    fn append(&mut self, other: &mut Self) {
        let Some(kind) = other.kind else { return };
        self.reserve(other.len, kind);
        // SAFETY: there is room for them, and there they are no more.
        unsafe {
            let size = other.len * kind.layout.size();
            other.memory.copy_to_nonoverlapping(self.place(self.len, kind), size);
        }
        self.len += std::mem::take(&mut other.len);
    }

    fn reserve(&mut self, more: usize, kind: &'static Kind) {
        debug_assert!(self.kind.is_none_or(|own| own.layout == kind.layout));
        self.kind = Some(kind);
        let needed = self.len + more;
        if needed > self.capacity {
            self.grow(needed.max(self.capacity * 2).max(FEW), kind);
        }
    }

    fn grow(&mut self, capacity: usize, kind: &Kind) {
        let layout = Self::layout(capacity, kind);
        if layout.size() != 0 {
            let old = Self::layout(self.capacity, kind);
            // SAFETY: the size is not zero, and what is there was allocated with that layout.
            let memory = unsafe {
                if old.size() == 0 {
                    alloc(layout)
                } else {
                    realloc(self.memory.as_ptr(), old, layout.size())
                }
            };
            self.memory = NonNull::new(memory).unwrap_or_else(|| handle_alloc_error(layout));
        } else {
            self.memory = Self::nowhere(kind);
        }
        self.capacity = capacity;
    }

    /// Where pairs without a size are.
    fn nowhere(kind: &Kind) -> NonNull<u8> {
        let place = std::ptr::without_provenance_mut(kind.layout.align());
        NonNull::new(place).expect("an alignment is not zero")
    }

    fn place(&self, at: usize, kind: &Kind) -> NonNull<u8> {
        // SAFETY: within the allocation, or just behind it.
        unsafe { self.memory.add(at * kind.layout.size()) }
    }

    #[cold]
    fn drop_all(&self, kind: &Kind) {
        Rest { pairs: self, kind, next: 0 }.drop_all();
    }

    fn layout(capacity: usize, kind: &Kind) -> Layout {
        let size = kind.layout.size().checked_mul(capacity);
        let layout = size.and_then(|size| Layout::from_size_align(size, kind.layout.align()).ok());
        layout.expect("what is removed fits into the address space")
    }
}

/// The first allocation is for so many.
const FEW: usize = 4;

impl Drop for Pairs {
    // Mostly there are none.
    #[inline]
    fn drop(&mut self) {
        if let Some(kind) = self.kind {
            self.drop_all(kind);
        }
    }
}

/// Pairs that are being dropped. One drop that panics keeps no other pair from its own, nor the memory from being freed.
struct Rest<'a> {
    pairs: &'a Pairs,
    kind: &'a Kind,
    next: usize,
}

impl Rest<'_> {
    fn drop_all(&mut self) {
        let Some(drop) = self.kind.drop else { return };
        while self.next < self.pairs.len {
            let pair = self.pairs.place(self.next, self.kind);
            // It has had its drop, even if that panics.
            self.next += 1;
            // SAFETY: it is there, of this kind, and nobody else has it.
            unsafe { drop(pair) };
        }
    }
}

impl Drop for Rest<'_> {
    fn drop(&mut self) {
        self.drop_all();
        let layout = Pairs::layout(self.pairs.capacity, self.kind);
        if layout.size() != 0 {
            // SAFETY: allocated with this layout.
            unsafe { dealloc(self.pairs.memory.as_ptr(), layout) };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Throws a pair away.
    fn throw<K: Send + Sync + 'static, V: Send + Sync + 'static>(garbage: &mut Garbage, key: K, value: V) {
        let pair = ManuallyDrop::new(Pair { key, value });
        // SAFETY: it is used here no more.
        unsafe { garbage.take(NonNull::from(&pair).cast(), Kind::of::<K, V>(), None) };
    }

    struct Counted(Arc<AtomicUsize>, bool);

    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
            assert!(!self.1, "a drop that panics");
        }
    }

    #[test]
    fn all_are_dropped_once_and_in_order() {
        struct Told(Arc<std::sync::Mutex<Vec<u32>>>, u32);
        impl Drop for Told {
            fn drop(&mut self) {
                self.0.lock().unwrap().push(self.1);
            }
        }
        let told = Arc::default();
        let (mut one, mut two) = (Garbage::new(), Garbage::new());
        (0..9).for_each(|n| throw(&mut one, n, Told(Arc::clone(&told), n)));
        (9..20).for_each(|n| throw(&mut two, n, Told(Arc::clone(&told), n)));
        one.extend(two);
        one.extend(Garbage::new());
        assert!(told.lock().unwrap().is_empty());
        drop(one);
        assert_eq!(*told.lock().unwrap(), (0..20).collect::<Vec<_>>());
    }

    #[test]
    fn a_drop_that_panics_keeps_no_other_from_its_own() {
        let dropped = Arc::new(AtomicUsize::new(0));
        let mut garbage = Garbage::new();
        (0..10).for_each(|n| throw(&mut garbage, n, Counted(Arc::clone(&dropped), n == 3)));
        assert!(catch_unwind(AssertUnwindSafe(|| drop(garbage))).is_err());
        assert_eq!(dropped.load(Ordering::Relaxed), 10);
    }

    #[test]
    fn what_has_no_size_is_dropped_as_well() {
        static DROPPED: AtomicUsize = AtomicUsize::new(0);
        #[repr(align(64))]
        struct Empty;
        impl Drop for Empty {
            fn drop(&mut self) {
                assert_eq!(std::ptr::from_mut(self).addr() % 64, 0);
                DROPPED.fetch_add(1, Ordering::Relaxed);
            }
        }
        let (mut one, mut two) = (Garbage::new(), Garbage::new());
        (0..5).for_each(|_| throw(&mut one, (), Empty));
        throw(&mut two, (), Empty);
        one.extend(two);
        drop(one);
        assert_eq!(DROPPED.load(Ordering::Relaxed), 6);
    }

    #[test]
    fn what_needs_no_drop_is_not_kept() {
        let mut garbage = Garbage::new();
        (0..100).for_each(|n: u64| throw(&mut garbage, n, [n; 4]));
        assert_eq!(garbage.pairs.capacity, 0);
    }
}
