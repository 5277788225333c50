//! Who runs what on whose behalf: the stack of loads of each thread, who waits for whom, and whether that is a
//! circle.
//!
//! A thread that is to wait for a load first follows the chain: who leads that load, what does he wait for, who leads
//! that … If the chain comes back to the thread itself, waiting would never end, and the call panics with the names
//! of all calls on the way. Only callers that really wait pay for this.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use crate::sync::{Mutex, assert_unguarded};

/// Something that runs loads and can wait: a thread.
pub(crate) type Activity = u64;

/// A thread in its last moments, whose locals are gone. It has no stack to look for a circle in.
const NOBODY: Activity = 0;

/// A load on a stack, whatever its function's types are.
pub(crate) trait Frame: Send + Sync {
    fn leader(&self) -> Activity;
    fn has_landed(&self) -> bool;
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

thread_local! {
    static ACTIVITY: Activity = {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        NEXT.fetch_add(1, Ordering::Relaxed)
    };
    static STACK: RefCell<Vec<Arc<dyn Frame>>> = const { RefCell::new(Vec::new()) };
}

/// This thread.
pub(crate) fn current() -> Activity {
    ACTIVITY.try_with(|activity| *activity).unwrap_or(NOBODY)
}

/// Puts a load on this thread's stack for as long as the answer lives.
pub(crate) fn enter(frame: Arc<dyn Frame>) -> Entered {
    let _ = STACK.try_with(|stack| stack.borrow_mut().push(frame));
    Entered(())
}

/// See [`enter`].
pub(crate) struct Entered(());

impl Drop for Entered {
    fn drop(&mut self) {
        // Taken out first: the drop of a key must not find the stack borrowed.
        let frame = STACK.try_with(|stack| stack.borrow_mut().pop());
        drop(frame);
    }
}

/// A waiting thread, as others see it.
struct Wait {
    target: Arc<dyn Frame>,
    /// What the waiting thread runs, outermost first.
    stack: Vec<Arc<dyn Frame>>,
}

static WAITS: LazyLock<Mutex<HashMap<Activity, Wait>>> = LazyLock::new(Mutex::default);

/// Notes that this thread waits for a load, for as long as the answer lives.
///
/// # Panics
/// If that load itself waits, over any number of calls and threads, for this thread.
pub(crate) fn wait_for(target: &Arc<dyn Frame>) -> Waiting {
    let me = current();
    if me == NOBODY {
        return Waiting(me);
    }
    let stack = STACK.try_with(|stack| stack.borrow().clone()).unwrap_or_default();
    let cycle = {
        let mut waits = WAITS.lock();
        let cycle = find_cycle(&waits, me, target, &stack);
        if cycle.is_none() {
            waits.insert(me, Wait { target: Arc::clone(target), stack });
        }
        cycle
    };
    if let Some(frames) = cycle {
        // `Debug` of the keys is user code: it runs here, with nothing locked.
        assert_unguarded();
        panic!("cyclic memoized call: {}", Path(&frames));
    }
    Waiting(me)
}

/// See [`wait_for`].
pub(crate) struct Waiting(Activity);

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.0 != NOBODY {
            let wait = WAITS.lock().remove(&self.0);
            drop(wait);
        }
    }
}

type Frames = Vec<Arc<dyn Frame>>;

/// The calls of the circle that would close if `me`, which runs `own`, waited for `target`.
fn find_cycle(
    waits: &HashMap<Activity, Wait>,
    me: Activity,
    target: &Arc<dyn Frame>,
    own: &[Arc<dyn Frame>],
) -> Option<Frames> {
    let mut frames = Vec::new();
    let mut next = target;
    loop {
        // A load that has landed holds nobody up: who waited for it is only just waking.
        if next.has_landed() {
            return None;
        }
        if next.leader() == me {
            frames.extend(from(own, next));
            frames.push(Arc::clone(target));
            return Some(frames);
        }
        let wait = waits.get(&next.leader())?;
        frames.extend(from(&wait.stack, next));
        next = &wait.target;
    }
}

/// The calls of a stack from one of them inwards.
fn from(stack: &[Arc<dyn Frame>], first: &Arc<dyn Frame>) -> Frames {
    stack.iter().skip_while(|frame| !same(frame, first)).cloned().collect()
}

fn same(a: &Arc<dyn Frame>, b: &Arc<dyn Frame>) -> bool {
    std::ptr::addr_eq(Arc::as_ptr(a), Arc::as_ptr(b))
}

struct Path<'a>(&'a [Arc<dyn Frame>]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, frame) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" -> ")?;
            }
            frame.fmt(f)?;
        }
        Ok(())
    }
}
