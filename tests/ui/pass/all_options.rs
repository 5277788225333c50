//! Options together.
use cached_core::memoize;

#[memoize(max = 10, ttl = 60s, policy = lru, skip(pool), name = "one", store_if = |n| *n < 9,)]
fn one(pool: &(), n: u8) -> u8 {
    let () = pool;
    n
}

fn main() {
    let first = one(&(), 1);
    assert!(one(&(), 1) == first);
    assert_eq!(one::cache_info().hits, 1);
}
