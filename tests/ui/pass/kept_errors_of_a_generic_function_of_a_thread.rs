//! A generic `Result` of a thread's cache keeps its errors where these can be kept.
use std::cell::Cell;
use std::hash::Hash;
use std::rc::Rc;

use cached_core::memoize;

thread_local!(static RUNS: Cell<u32> = const { Cell::new(0) });

#[memoize(scope = thread, errors = 5m)]
fn found<T: Clone + Eq + Hash + 'static>(what: T, is_there: bool) -> Result<Rc<T>, String> {
    RUNS.set(RUNS.get() + 1);
    is_there.then(|| Rc::new(what)).ok_or_else(|| "nothing".to_owned())
}

fn main() {
    for _ in 0..2 {
        assert_eq!(found(Rc::new(7), false), Err("nothing".to_owned()));
    }
    assert_eq!(RUNS.get(), 1, "the second call finds the error");
    for _ in 0..2 {
        assert_eq!(found(Rc::new(7), true), Ok(Rc::new(Rc::new(7))));
    }
    assert_eq!(RUNS.get(), 2);
}
