//! A growing array whose elements stay where they are.
//!
//! Chunk `c` holds the `1 << c` elements whose numbers have `c` as their highest bit; the first chunk is number 4, and
//! the first element number 16. So a small array is small, and a large one has few chunks. What is kept of a chunk is a
//! pointer to where its element 0 would be, were it the whole array: to find an element takes a bit scan, one load
//! and an addition.

use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::hint::assert_unchecked;
use std::marker::PhantomData;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::engine::slots::{CHUNKS, chunk_of, start_of};

/// What all zeros are a valid value of: counters, and pointers to nothing.
///
/// # Safety
/// A value of this type may be made of zeroed memory, and needs no drop.
pub(super) unsafe trait Blank {}

// SAFETY: zero is a number.
unsafe impl Blank for std::sync::atomic::AtomicU64 {}
// SAFETY: zero is a number.
unsafe impl Blank for std::sync::atomic::AtomicU8 {}
// SAFETY: a pointer may be null, and drops nothing.
unsafe impl<T> Blank for AtomicPtr<T> {}

/// See the module's words, of elements of which no more is known than how large they are. Changed by one thread at a time, read by
/// many.
pub(super) struct Bytes {
    /// Each points to `start_of(chunk)` elements before its first, or is null.
    chunks: [AtomicPtr<u8>; CHUNKS],
    element: Layout,
}

impl Bytes {
    pub(super) const fn new(element: Layout) -> Self {
        Self { chunks: [const { AtomicPtr::new(ptr::null_mut()) }; CHUNKS], element }
    }

    /// Where element 0 would be, were the chunk of this slot the whole array.
    ///
    /// # Safety
    /// The slot is not zero.
    #[inline(always)]
    unsafe fn base(&self, slot: u32) -> *mut u8 {
        // SAFETY: the caller's word.
        unsafe { assert_unchecked(slot != 0) };
        // SAFETY: a `u32` has no chunk beyond the last.
        unsafe { self.chunks.get_unchecked(chunk_of(slot)) }.load(Ordering::Acquire)
    }

    /// Where the element of a slot is. Its type is not known here, and so its size is read.
    ///
    /// # Safety
    /// The slot's chunk [is there](Self::add).
    pub(super) unsafe fn place(&self, slot: u32) -> NonNull<u8> {
        // SAFETY: the first slot is not zero.
        let place = unsafe { self.base(slot) }.wrapping_add(slot as usize * self.element.size());
        // SAFETY: the chunk is there, so this lies within its allocation, or dangles as that of elements without a size.
        unsafe { NonNull::new_unchecked(place) }
    }

    /// Where that is checked. A function of its own: what knows a type is compiled for each of them.
    #[inline]
    fn assert_holds(&self, element: Layout) {
        debug_assert_eq!(element, self.element);
    }

    /// The same where the type of the elements is known.
    ///
    /// # Safety
    /// As above; and this is their type.
    #[inline(always)]
    pub(super) unsafe fn place_of<T>(&self, slot: u32) -> NonNull<T> {
        self.assert_holds(Layout::new::<T>());
        // SAFETY: the first slot is not zero.
        let place = unsafe { self.base(slot) }.cast::<T>().wrapping_add(slot as usize);
        // SAFETY: as above.
        unsafe { NonNull::new_unchecked(place) }
    }

    /// Makes room for the elements of a chunk, all zeros.
    pub(super) fn add(&self, chunk: usize) {
        if !self.chunks[chunk].load(Ordering::Relaxed).is_null() {
            return;
        }
        let layout = self.layout(chunk);
        let first = if layout.size() == 0 {
            ptr::without_provenance_mut(layout.align())
        } else {
            // SAFETY: the size is not zero.
            let memory = unsafe { alloc_zeroed(layout) };
            if memory.is_null() {
                handle_alloc_error(layout);
            }
            memory
        };
        self.chunks[chunk].store(first.wrapping_sub(self.bias(chunk)), Ordering::Release);
    }

    /// Returns the memory of a chunk.
    ///
    /// # Safety
    /// Nobody looks at its elements, now or before it is added again.
    pub(super) unsafe fn remove(&self, chunk: usize) {
        let biased = self.chunks[chunk].swap(ptr::null_mut(), Ordering::Relaxed);
        // SAFETY: taken out by the swap.
        unsafe { self.free(chunk, biased) };
    }

    /// # Safety
    /// That was in the place of this chunk, and is no more.
    unsafe fn free(&self, chunk: usize, biased: *mut u8) {
        let layout = self.layout(chunk);
        if !biased.is_null() && layout.size() != 0 {
            // SAFETY: allocated by `add` with this layout.
            unsafe { dealloc(biased.wrapping_add(self.bias(chunk)), layout) };
        }
    }

    /// From where element 0 would be to the first of a chunk.
    fn bias(&self, chunk: usize) -> usize {
        start_of(chunk) as usize * self.element.size()
    }

    fn layout(&self, chunk: usize) -> Layout {
        // The size of a type is a multiple of its alignment, so that elements lie side by side.
        let size = self.element.size().checked_mul(1 << chunk);
        let layout = size.and_then(|size| Layout::from_size_align(size, self.element.align()).ok());
        layout.expect("a chunk fits into the address space")
    }
}

impl Drop for Bytes {
    /// The elements need no drop, or have had theirs.
    fn drop(&mut self) {
        for chunk in 0..CHUNKS {
            let biased = std::mem::replace(self.chunks[chunk].get_mut(), ptr::null_mut());
            if !biased.is_null() {
                // SAFETY: it is in its place no more, and nobody else has this.
                unsafe { self.free(chunk, biased) };
            }
        }
    }
}

/// The same of a type that is known.
pub(super) struct Lane<T> {
    bytes: Bytes,
    _elements: PhantomData<fn() -> T>,
}

impl<T: Blank> Lane<T> {
    pub(super) const fn new() -> Self {
        Self { bytes: Bytes::new(Layout::new::<T>()), _elements: PhantomData }
    }

    /// Where the element of a slot is.
    ///
    /// # Safety
    /// The slot's chunk [is there](Self::add), and stays as long as the reference is used.
    #[inline(always)]
    pub(super) unsafe fn get(&self, slot: u32) -> &T {
        // SAFETY: the chunk is there; its elements were zeroed, which `Blank` allows.
        unsafe { self.bytes.place_of::<T>(slot).as_ref() }
    }

    /// Makes room for the elements of a chunk.
    pub(super) fn add(&self, chunk: usize) {
        self.bytes.add(chunk);
    }

    /// Returns the memory of a chunk.
    ///
    /// # Safety
    /// Nobody looks at its elements, now or before it is added again.
    pub(super) unsafe fn remove(&self, chunk: usize) {
        // SAFETY: the caller's word.
        unsafe { self.bytes.remove(chunk) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU64;

    #[test]
    fn elements_stay_where_they_are() {
        let lane = Lane::<AtomicU64>::new();
        lane.add(4);
        // SAFETY: chunk 4 is there.
        let first = unsafe { lane.get(19) };
        first.store(7, Ordering::Relaxed);
        (5..10).for_each(|chunk| lane.add(chunk));
        for slot in start_of(5)..start_of(10) {
            // SAFETY: chunks 5 to 9 are there.
            let element = unsafe { lane.get(slot) };
            assert_eq!(element.swap(u64::from(slot), Ordering::Relaxed), 0);
        }
        // SAFETY: chunk 4 is there; nothing looks at chunk 9 from here on.
        unsafe {
            assert!(std::ptr::eq(first, lane.get(19)));
            lane.remove(9);
            assert_eq!(lane.get(100).load(Ordering::Relaxed), 100);
        }
        assert_eq!(first.load(Ordering::Relaxed), 7);
    }
}
