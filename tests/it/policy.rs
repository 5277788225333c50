//! Who leaves: the policies by name, one of the user's own, and the bound that holds under each.

use cached_core::policy::{Entries, Policy, Record, Slot};
use cached_core::{PolicyKind, memoize, testing};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Under each name: which policy it is, that a used value outlives a bound's worth of others where uses count, and the bound.
macro_rules! policies {
    ($($policy:ident => $kind:ident,)*) => {$(
        #[test]
        fn $policy() {
            #[memoize(max = 8, policy = $policy)]
            fn double(n: u64) -> u64 {
                n * 2
            }
            let _scope = testing::isolate();
            for n in 0..10_000 {
                assert_eq!(double(n % 100), n % 100 * 2);
                assert_eq!(double(7), 14);
            }
            let info = double::cache_info();
            assert_eq!((info.len, info.max, info.policy), (8, Some(8), PolicyKind::$kind));
            assert_eq!(info.policy.to_string(), stringify!($policy));
            assert_eq!(info.hits + info.misses, 20_000);
            assert_eq!(info.misses - info.evictions, 8);
            if !["fifo", "random"].contains(&stringify!($policy)) {
                assert!(info.hits > 9_500, "7 should stay: {info}");
            }
        }
    )*};
}

policies! {
    adaptive => Adaptive,
    lru => Lru,
    lfu => Lfu,
    fifo => Fifo,
    sieve => Sieve,
    s3fifo => S3Fifo,
    tinylfu => TinyLfu,
    lirs => Lirs,
    arc => Arc,
    random => Random,
}

#[test]
fn adaptive_is_the_default_of_a_bounded_function() {
    #[memoize(max = 10)]
    fn bounded(n: u64) -> u64 {
        n
    }
    #[memoize]
    fn unbounded(n: u64) -> u64 {
        n
    }
    assert_eq!(bounded(1) + unbounded(1), 2);
    assert_eq!(bounded::cache_info().policy, PolicyKind::Adaptive);
    assert_eq!(unbounded::cache_info().policy, PolicyKind::Unbounded);
}

/// Few calls leave a policy that watches no time to find out: it must not have begun with what is wrong.
#[test]
fn adaptive_is_not_behind_lru_in_a_short_run() {
    static MAX: AtomicUsize = AtomicUsize::new(0);
    #[memoize(max = MAX.load(Relaxed))]
    fn adaptive(n: u64) -> u64 {
        n
    }
    #[memoize(max = MAX.load(Relaxed), policy = lru)]
    fn lru(n: u64) -> u64 {
        n
    }
    fn hits(stream: &[u64]) -> (f64, f64) {
        let _scope = testing::isolate();
        stream.iter().for_each(|n| assert_eq!(adaptive(*n) + lru(*n), n * 2));
        (adaptive::cache_info().hits as f64, lru::cache_info().hits as f64)
    }
    // The cells that an edit distance looks at, row by row; calls that go deep and come back, over and over; a window that moves on.
    let cells = (1..).flat_map(|row| {
        (1..60).flat_map(move |at| [(row - 1, at - 1), (row - 1, at), (row, at - 1), (row, at)])
    });
    let deep = (0..).flat_map(|of| (0..90).rev().chain(2..89).map(move |n| (of, n)));
    let window = (0..).map(|at| (0, at / 3 + at * at * 7 % 19));
    let streams: [Vec<(u64, u64)>; 3] =
        [cells.take(500).collect(), deep.take(500).collect(), window.take(500).collect()];
    for stream in streams.map(|pairs| pairs.into_iter().map(|(a, b)| a << 32 | b).collect::<Vec<u64>>()) {
        let bounds = [3, 5, 7, 10, 14, 20, 30, 50];
        let of_all = bounds.map(|max| {
            MAX.store(max, Relaxed);
            hits(&stream)
        });
        let (own, recency) = of_all.iter().fold((0.0, 0.0), |sum, both| (sum.0 + both.0, sum.1 + both.1));
        let points = (own - recency) * 100.0 / (stream.len() * bounds.len()) as f64;
        assert!(points > -2.0, "{points} points: {of_all:?}");
    }
}

#[test]
fn uses_of_one_entry_in_a_row_count_each() {
    #[memoize(max = 10, policy = tinylfu)]
    fn counted(n: u64) -> u64 {
        n
    }
    let _scope = testing::isolate();
    for n in (0..10).cycle().take(30) {
        counted(n);
    }
    for _ in 0..5 {
        counted(100);
    }
    for n in 200..210 {
        counted(n);
    }
    assert!(counted::contains(100), "five uses win against three, however close together they were");
}

/// The newest leaves.
struct Stack(Vec<Slot>);

impl Policy for Stack {
    fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    fn record(&self) -> Record {
        Record::None
    }

    fn insert(&mut self, slot: Slot, _hash: u64) {
        self.0.push(slot);
    }

    fn evict(&mut self, _incoming: u64, _entries: &mut dyn Entries) -> Option<Slot> {
        self.0.pop()
    }

    fn remove(&mut self, slot: Slot) {
        self.0.retain(|other| *other != slot);
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn contains(&self, slot: Slot) -> bool {
        self.0.contains(&slot)
    }
}

#[test]
fn a_policy_of_ones_own() {
    mod mine {
        pub(super) use super::Stack;
    }
    #[memoize(max = 3, policy = mine::Stack)]
    fn by_path(n: u64) -> u64 {
        n
    }
    #[memoize(max = 3, policy = Stack)]
    fn by_name(n: u64) -> u64 {
        n
    }
    let _scope = testing::isolate();
    for n in 0..10 {
        by_path(n);
        by_name(n);
    }
    assert_eq!((0..10).filter(|n| by_path::contains(*n)).collect::<Vec<_>>(), [0, 1, 9]);
    assert!(by_path::invalidate(0));
    by_path(20);
    assert_eq!((0..30).filter(|n| by_path::contains(*n)).collect::<Vec<_>>(), [1, 9, 20]);
    assert_eq!(by_name::cache_info().policy, PolicyKind::Custom("Stack"));
    assert_eq!(by_name::cache_info().to_string().split(' ').nth(3), Some("max=3"));
}

#[test]
fn ten_million_keys_through_a_thousand_places() {
    use std::sync::atomic::{AtomicI64, Ordering};
    static ALIVE: AtomicI64 = AtomicI64::new(0);
    struct Counted;
    impl Counted {
        fn new() -> Self {
            ALIVE.fetch_add(1, Ordering::Relaxed);
            Self
        }
    }
    impl Clone for Counted {
        fn clone(&self) -> Self {
            Self::new()
        }
    }
    impl Drop for Counted {
        fn drop(&mut self) {
            ALIVE.fetch_sub(1, Ordering::Relaxed);
        }
    }
    #[memoize(max = 1000)]
    fn counted(n: u64) -> Counted {
        let _ = n;
        Counted::new()
    }
    let keys = std::env::var("KEYS").map_or(200_000, |keys| keys.parse().unwrap());
    let scope = testing::isolate();
    for n in 0..keys {
        counted(n);
        // Those that have left wait for readers, of other tests too, who may be interrupted; never for many keys.
        assert!(ALIVE.load(Ordering::Relaxed) <= 10_000, "{} values live", ALIVE.load(Ordering::Relaxed));
    }
    let info = counted::cache_info();
    assert_eq!((info.len, info.misses, info.evictions), (1000, keys, keys - 1000));
    assert_eq!(counted::clear(), 1000);
    drop(scope);
    assert_eq!(ALIVE.load(Ordering::Relaxed), 0);
}
