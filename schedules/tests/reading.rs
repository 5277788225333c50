//! What frees memory against what reads it, in every order that the memory model allows.
#![cfg(loom)]
#![allow(dead_code, reason = "the model needs a part of the file it includes")]

/// What the library's file names, from the model checker.
mod sync {
    pub(crate) use loom::sync::atomic as unseen;
}

#[path = "../../cached-core/src/epoch/turn.rs"]
mod turn;

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering, fence};
use loom::thread;
use turn::Turn;

/// One reader, one place that a pointer leads to or not.
struct World {
    turn: Turn,
    /// 1: the value can be reached.
    reachable: AtomicUsize,
    value: UnsafeCell<()>,
}

impl World {
    fn read(&self) {
        let Some(turn) = self.turn.enter(true) else { unreachable!("one visit at a time") };
        if self.reachable.load(Ordering::Acquire) == 1 {
            // Inside of another visit nothing changes.
            assert_eq!(self.turn.enter(true), None);
            // The checker fails where this can meet the access in `free`.
            self.value.with(|_| ());
        }
        self.turn.leave(turn);
    }

    /// Takes the value away, and overwrites it once nobody can see it; whether that was so at once or later.
    fn free(&self) -> bool {
        self.reachable.store(0, Ordering::Release);
        fence(Ordering::SeqCst);
        let inside = self.turn.inside();
        while inside.is_some_and(|inside| !self.turn.has_left(inside)) {
            thread::yield_now();
        }
        self.value.with_mut(|_| ());
        inside.is_none()
    }
}

#[test]
fn nothing_is_freed_under_a_reader() {
    loom::model(|| {
        let world =
            Arc::new(World { turn: Turn::new(), reachable: AtomicUsize::new(1), value: UnsafeCell::new(()) });
        let reader = thread::spawn({
            let world = Arc::clone(&world);
            move || {
                world.read();
                world.read();
            }
        });
        world.free();
        reader.join().unwrap();
        world.read();
    });
}
