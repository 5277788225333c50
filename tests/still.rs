//! A cache that nobody calls does nothing: a test that must be alone in its process.
#![cfg(target_os = "linux")]

use cached_core::memoize;

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").unwrap().count()
}

#[test]
fn no_thread_runs_behind_a_cache() {
    #[memoize(max = 100, ttl = 60s)]
    fn bounded(n: u64) -> u64 {
        n
    }
    #[memoize(max_weight = 100, weigher = |_, v| *v, idle = 1s, policy = lru)]
    fn weighed(n: u64) -> u64 {
        n
    }
    #[memoize(errors = 1s, store_if = |n| *n > 1)]
    fn failing(n: u64) -> Result<u64, String> {
        if n % 2 == 0 { Ok(n) } else { Err(n.to_string()) }
    }
    #[memoize(ttl = 60s, tags = ["n:{n}"])]
    async fn later(n: u64) -> u64 {
        n
    }
    let before = threads();
    for n in 0..1_000 {
        assert_eq!((bounded(n), weighed(n), failing(n).is_ok()), (n, n, n % 2 == 0));
        assert_eq!(pollster::block_on(later(n)), n);
    }
    bounded::refresh(1);
    later::invalidate(1);
    cached_core::registry::clear_all();
    assert_eq!(threads(), before);
}
