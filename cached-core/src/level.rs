//! The load that runs on a thread, where that is known to nobody else yet.
//!
//! To be found by calls from its body, a load would have to be shared with its thread's [context](crate::context): counted
//! twice for every miss, for the sake of those that call other memoized functions. So the context gets a reference to what lies on
//! the leader's stack, and shares it when it is asked for.

#![expect(unsafe_code, reason = "a miss that shares nothing is worth it: see the benchmarks")]

use std::cell::Cell;
use std::mem::transmute;
use std::ptr::NonNull;
use std::sync::Arc;

use crate::context::Frame;
use crate::sync::thread_local;

/// A load on the stack of the thread that runs it.
pub(crate) trait Level {
    /// The load, to be shared. Runs no user code.
    fn frame(&self) -> Option<Arc<dyn Frame>>;
}

thread_local! {
    static OUTERMOST: Cell<Option<NonNull<dyn Level>>> = const { Cell::new(None) };
}

/// Takes the note away again, whatever ends the run.
struct Noted;

impl Drop for Noted {
    #[inline]
    fn drop(&mut self) {
        let _ = OUTERMOST.try_with(|outermost| outermost.set(None));
    }
}

/// Runs something inside of a load, the outermost one of this thread.
#[inline]
pub(crate) fn inside<R>(level: &dyn Level, run: impl FnOnce() -> R) -> R {
    // SAFETY: the types differ in a lifetime alone, and `Noted` sees to it that nobody has the pointer beyond it.
    let level = unsafe { transmute::<NonNull<dyn Level + '_>, NonNull<dyn Level>>(NonNull::from(level)) };
    let before = OUTERMOST.try_with(|outermost| outermost.replace(Some(level)));
    debug_assert!(!matches!(before, Ok(Some(_))), "only the outermost load of a thread is noted here");
    let _noted = Noted;
    run()
}

/// Whether a load is noted for this thread.
#[inline]
pub(crate) fn is_noted() -> bool {
    OUTERMOST.try_with(|outermost| outermost.get().is_some()).unwrap_or(false)
}

/// The load that is noted for this thread.
#[inline]
pub(crate) fn outermost() -> Option<Arc<dyn Frame>> {
    let level = OUTERMOST.try_with(Cell::get).ok().flatten()?;
    // SAFETY: noted by `inside`, which runs on this very thread, and has borrowed it until the note is gone.
    unsafe { level.as_ref() }.frame()
}
