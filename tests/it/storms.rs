//! Races by the thousand; with `STORM=1000000` by the million: nobody reads the past, whatever writes.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};

use cached_core::{memoize, testing};

/// Changes of the source in one storm.
fn rounds() -> u64 {
    std::env::var("STORM").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000)
}

/// What the readers of a storm know of the source.
struct Source {
    version: AtomicU64,
    /// Nobody who calls from now on may read less.
    known: AtomicU64,
}

impl Source {
    const fn new() -> Self {
        Self { version: AtomicU64::new(0), known: AtomicU64::new(0) }
    }

    fn read(&self) -> u64 {
        self.version.load(Ordering::SeqCst)
    }

    /// Three readers, and a writer that makes each change known.
    fn storm(&self, read: fn() -> u64, change: fn(u64)) {
        let (scope, rounds) = (testing::isolate(), rounds());
        let start = Barrier::new(4);
        let (source, start) = (self, &start);
        let reader = || {
            start.wait();
            loop {
                let known = source.known.load(Ordering::SeqCst);
                let seen = read();
                assert!(seen >= known, "read {seen} after {known} was known");
                if known == rounds {
                    return;
                }
            }
        };
        std::thread::scope(|threads| {
            for _ in 0..3 {
                threads.spawn(scope.wrap(reader));
            }
            start.wait();
            for version in 1..=rounds {
                source.version.store(version, Ordering::SeqCst);
                change(version);
                source.known.store(version, Ordering::SeqCst);
            }
        });
    }
}

mod invalidate {
    use super::*;

    static SOURCE: Source = Source::new();

    #[memoize]
    fn current(_key: u8) -> u64 {
        SOURCE.read()
    }

    #[test]
    fn loads_against_invalidate() {
        SOURCE.storm(|| current(0), |_| _ = current::invalidate(0));
    }
}

mod clear {
    use super::*;

    static SOURCE: Source = Source::new();

    #[memoize(max = 2)]
    fn current(_key: u8) -> u64 {
        SOURCE.read()
    }

    #[test]
    fn loads_against_clear() {
        SOURCE.storm(|| current(0), |_| _ = current::clear());
    }
}

mod invalidate_if {
    use super::*;

    static SOURCE: Source = Source::new();

    #[memoize(ttl = 3600s)]
    fn current(_key: u8) -> u64 {
        SOURCE.read()
    }

    #[test]
    fn loads_against_invalidate_if() {
        SOURCE.storm(|| current(0), |version| _ = current::invalidate_if(|_, value| *value < version));
    }
}

mod insert {
    use super::*;

    static SOURCE: Source = Source::new();

    #[memoize(max = 2, policy = lru)]
    fn current(_key: u8) -> u64 {
        SOURCE.read()
    }

    #[test]
    fn loads_against_insert() {
        SOURCE.storm(|| current(0), |version| current::insert(0, version));
    }
}

mod refresh {
    use super::*;

    static SOURCE: Source = Source::new();

    #[memoize]
    fn current(_key: u8) -> u64 {
        SOURCE.read()
    }

    #[test]
    fn loads_against_refresh() {
        SOURCE.storm(|| current(0), |version| assert!(current::refresh(0) >= version));
    }
}

mod tasks {
    use super::*;

    static SOURCE: Source = Source::new();

    #[memoize]
    async fn current(_key: u8) -> u64 {
        let read = SOURCE.read();
        tokio::task::yield_now().await;
        read
    }

    #[test]
    fn loads_by_tasks_against_invalidate() {
        SOURCE.storm(|| pollster::block_on(current(0)), |_| _ = current::invalidate(0));
    }
}
