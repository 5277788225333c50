//! A growing array whose elements stay where they are.
//!
//! Chunk `c` holds the `1 << c` elements whose numbers have `c` as their highest bit; the first chunk is number 4, and
//! the first element number 16. So a small array is small, and a large one has few chunks. What is kept of a chunk is a
//! pointer to where its element 0 would be, were it the whole array: to find an element takes a bit scan, one load
//! and an addition.

use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::hint::assert_unchecked;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::engine::slots::{CHUNKS, chunk_of, start_of};

/// What all zeros are a valid value of: cells that hold nothing yet, and counters.
///
/// # Safety
/// A value of this type may be made of zeroed memory, and needs no drop.
pub(super) unsafe trait Blank {}

// SAFETY: anything is a valid `MaybeUninit`, and it drops nothing.
unsafe impl<T> Blank for std::cell::UnsafeCell<std::mem::MaybeUninit<T>> {}
// SAFETY: zero is a number.
unsafe impl Blank for std::sync::atomic::AtomicU64 {}
// SAFETY: zero is a number.
unsafe impl Blank for std::sync::atomic::AtomicU8 {}
// SAFETY: a pointer may be null, and drops nothing.
unsafe impl<T> Blank for AtomicPtr<T> {}

/// See the module's words. Changed by one thread at a time, read by many.
pub(super) struct Lane<T> {
    /// Each points to `start_of(chunk)` elements before its first, or is null.
    chunks: [AtomicPtr<T>; CHUNKS],
}

impl<T: Blank> Lane<T> {
    pub(super) const fn new() -> Self {
        Self { chunks: [const { AtomicPtr::new(ptr::null_mut()) }; CHUNKS] }
    }

    /// Where the element of a slot is.
    ///
    /// # Safety
    /// The slot's chunk [is there](Self::add), and stays as long as the reference is used.
    #[inline(always)]
    pub(super) unsafe fn get(&self, slot: u32) -> &T {
        // SAFETY: the first slot is not zero, and the slot's chunk is there.
        unsafe { assert_unchecked(slot != 0) };
        // SAFETY: a `u32` has no chunk beyond the last.
        let chunk = unsafe { self.chunks.get_unchecked(chunk_of(slot)) }.load(Ordering::Acquire);
        // SAFETY: the chunk is there, so the sum lies within its allocation; its elements were zeroed, which `Blank` allows.
        unsafe { &*chunk.wrapping_add(slot as usize) }
    }

    /// Makes room for the elements of a chunk.
    pub(super) fn add(&self, chunk: usize) {
        if !self.chunks[chunk].load(Ordering::Relaxed).is_null() {
            return;
        }
        let layout = Self::layout(chunk);
        let first = if layout.size() == 0 {
            NonNull::dangling().as_ptr()
        } else {
            // SAFETY: the size is not zero.
            let memory = unsafe { alloc_zeroed(layout) }.cast::<T>();
            if memory.is_null() {
                handle_alloc_error(layout);
            }
            memory
        };
        self.chunks[chunk].store(first.wrapping_sub(start_of(chunk) as usize), Ordering::Release);
    }

    /// Returns the memory of a chunk.
    ///
    /// # Safety
    /// Nobody looks at its elements, now or before it is added again.
    pub(super) unsafe fn remove(&self, chunk: usize) {
        let biased = self.chunks[chunk].swap(ptr::null_mut(), Ordering::Relaxed);
        let layout = Self::layout(chunk);
        if !biased.is_null() && layout.size() != 0 {
            // SAFETY: allocated by `add` with this layout, and taken out by the swap.
            unsafe { dealloc(biased.wrapping_add(start_of(chunk) as usize).cast(), layout) };
        }
    }

    fn layout(chunk: usize) -> Layout {
        Layout::array::<T>(1_usize << chunk).expect("a chunk fits into the address space")
    }
}

impl<T> Drop for Lane<T> {
    fn drop(&mut self) {
        for (chunk, biased) in self.chunks.iter_mut().enumerate() {
            let biased = std::mem::replace(biased.get_mut(), ptr::null_mut());
            let layout = Layout::array::<T>(1_usize << chunk).unwrap_or(Layout::new::<()>());
            if !biased.is_null() && layout.size() != 0 {
                // SAFETY: allocated by `add` with this layout; elements need no drop.
                unsafe { dealloc(biased.wrapping_add(start_of(chunk) as usize).cast(), layout) };
            }
        }
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
