//! The ends of threads: calls from their last moments, and what they leave behind.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU32, Ordering};

use cached_core::memoize;

static CALLED: AtomicU32 = AtomicU32::new(0);

#[memoize(max = 100, policy = lru, ttl = 3600s)]
fn last_words(n: u32) -> Box<u32> {
    Box::new(n)
}

#[memoize]
async fn last_task(n: u32) -> u32 {
    n
}

/// Does everything when it is dropped: with the locals of its thread.
struct AtTheEnd(u32);

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        let n = self.0;
        for _ in 0..2 {
            assert_eq!(*last_words(n), n);
        }
        assert_eq!(*last_words::refresh(n), n);
        last_words::insert(n, Box::new(n + 1));
        assert_eq!(last_words::peek(n).as_deref(), Some(&(n + 1)));
        assert!(last_words::invalidate(n));
        last_words::invalidate_if(|key, _| *key == n);
        assert_eq!(pollster::block_on(last_task(n)), n);
        // One that was never used before.
        assert_eq!(*last_words(n + 1000), n + 1000);
        CALLED.fetch_add(1, Ordering::Relaxed);
    }
}

thread_local! {
    static BEFORE: RefCell<Option<AtTheEnd>> = const { RefCell::new(None) };
    static AFTER: RefCell<Option<AtTheEnd>> = const { RefCell::new(None) };
}

#[test]
fn a_thread_may_call_in_its_last_moments() {
    for round in 0..50 {
        // Locals are dropped in the reverse of the order of their first uses, so one of these goes before the cache's
        // own and one after; and in the last thread only the end calls at all.
        let thread = std::thread::spawn(move || {
            BEFORE.set(Some(AtTheEnd(round * 10)));
            if round < 49 {
                last_words(round * 10 + 5);
            }
            AFTER.set(Some(AtTheEnd(round * 10 + 1)));
        });
        thread.join().unwrap();
    }
    assert_eq!(CALLED.load(Ordering::Relaxed), 100);
    let info = last_words::cache_info();
    assert_eq!(info.loads + info.load_failures, info.misses + info.refreshes);
}

thread_local!(static DEPTH: Cell<u32> = const { Cell::new(0) });

#[test]
fn a_thread_that_panics_leaves_nothing_behind() {
    #[memoize]
    fn fragile(n: u32) -> u32 {
        DEPTH.set(n);
        assert!(n % 2 == 0, "odd");
        n
    }
    for n in 0..100 {
        let result = std::thread::spawn(move || fragile(n)).join();
        assert_eq!(result.is_ok(), n % 2 == 0);
    }
    let info = fragile::cache_info();
    assert_eq!((info.loads, info.load_failures, info.len), (50, 50, 50));
}
