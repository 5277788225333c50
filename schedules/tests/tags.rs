//! Tags: whoever calls after the invalidation of a tag has returned gets nothing that was read before it, whatever else goes on.
#![cfg(shuttle)]

use cached_core::{Cache, memoize, registry, testing};
use schedules::{block_on, explore, pause};
use shuttle::future::yield_now;
use shuttle::sync::atomic::{AtomicU64, Ordering};
use shuttle::thread;

shuttle::lazy_static! {
    static ref SOURCE: AtomicU64 = AtomicU64::new(0);
    /// Nobody who calls from now on may read less.
    static ref KNOWN: AtomicU64 = AtomicU64::new(0);
}

/// What the source says, read early and returned late.
fn read() -> u64 {
    let read = SOURCE.load(Ordering::SeqCst);
    pause();
    read
}

async fn read_later() -> u64 {
    let read = SOURCE.load(Ordering::SeqCst);
    yield_now().await;
    read
}

#[memoize(tags = ["all"])]
fn by_key(_key: u8) -> u64 {
    read()
}

#[memoize(tags = ["is:{value}", "value:{key}"])]
fn by_value(key: u8) -> u64 {
    let _ = key;
    read()
}

#[memoize(tags = ["all"])]
async fn by_key_later(_key: u8) -> u64 {
    read_later().await
}

#[memoize(tags = ["all"])]
async fn borrowing(_key: &str) -> u64 {
    read_later().await
}

#[memoize(tags = ["is:{value}"])]
async fn by_value_later(_key: u8) -> u64 {
    read_later().await
}

/// Says what the source says from now on, invalidates, and says that this is done.
fn change(version: u64, tag: &str) {
    SOURCE.store(version, Ordering::SeqCst);
    registry::invalidate_tag(tag);
    KNOWN.store(version, Ordering::SeqCst);
}

fn ask(call: impl Fn() -> u64) {
    let known = KNOWN.load(Ordering::SeqCst);
    let read = call();
    assert!(read >= known, "read {read} after {known} was known");
}

/// Two who call twice, so that they load, join and hit, and one who changes the source twice.
fn nobody_reads_the_past(call: fn() -> u64, tag: fn(u64) -> String) {
    let scope = testing::isolate();
    let asks = move || (0..2).for_each(|_| ask(call));
    let writes = move || (1..=2).for_each(|version| change(version, &tag(version)));
    let threads =
        [thread::spawn(scope.wrap(asks)), thread::spawn(scope.wrap(asks)), thread::spawn(scope.wrap(writes))];
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(call(), 2);
}

#[test]
fn a_tag_of_the_key() {
    explore(|| nobody_reads_the_past(|| by_key(0), |_| "all".to_owned()));
}

/// The tag is known when the value is: that of the version before is invalidated.
#[test]
fn a_tag_of_the_value() {
    explore(|| nobody_reads_the_past(|| by_value(0), |version| format!("is:{}", version - 1)));
}

#[test]
fn a_tag_of_the_key_and_tasks() {
    explore(|| nobody_reads_the_past(|| block_on(by_key_later(0)), |_| "all".to_owned()));
}

#[test]
fn a_tag_of_the_key_and_tasks_that_borrow() {
    explore(|| nobody_reads_the_past(|| block_on(borrowing("a")), |_| "all".to_owned()));
}

#[test]
fn a_tag_of_the_value_and_tasks() {
    explore(|| {
        nobody_reads_the_past(|| block_on(by_value_later(0)), |version| format!("is:{}", version - 1));
    });
}

/// What is not stored is told to those who wait, and is no less outdated.
#[test]
fn a_tag_of_a_value_that_is_not_kept() {
    #[memoize(tags = ["key:{key}", "is:{value}"], store_if = |_| false)]
    fn unkept(key: u8) -> u64 {
        let _ = key;
        read()
    }
    #[memoize(tags = ["is:{value}"], max = 0)]
    async fn unkept_later(_key: u8) -> u64 {
        read_later().await
    }
    let tag = |version| format!("is:{}", version - 1);
    explore(move || nobody_reads_the_past(|| unkept(0), tag));
    explore(move || nobody_reads_the_past(|| block_on(unkept_later(0)), tag));
}

/// Nor is an error that was read before told to who calls after; the tags of the value that did not come may be any.
#[test]
fn a_tag_of_a_value_that_does_not_come() {
    #[memoize(tags = ["is:{value}"])]
    fn failing(_key: u8) -> Result<u64, u64> {
        Err(read())
    }
    #[memoize(tags = ["is:{value}"], errors = 5s)]
    fn keeping(_key: u8) -> Result<u64, u64> {
        Err(read())
    }
    #[memoize(tags = ["is:{value}"])]
    async fn failing_later(_key: u8) -> Result<u64, u64> {
        Err(read_later().await)
    }
    let calls: [fn() -> u64; 3] =
        [|| failing(0).unwrap_err(), || keeping(0).unwrap_err(), || block_on(failing_later(0)).unwrap_err()];
    calls.into_iter().for_each(|call| explore(move || nobody_reads_the_past(call, |_| "any".to_owned())));
}

/// Where entries leave to make room, their places and the tags' lists of members are used again.
#[test]
fn tags_and_evictions() {
    explore(|| {
        let cache: Cache<u8, u64> =
            Cache::builder().max(1).tags(|key| [format!("{key}"), "all".to_owned()]).build();
        let asks = |first: u8| {
            let cache = cache.clone();
            move || [first, first + 1].iter().for_each(|key| ask(|| cache.get_or_load(*key, read)))
        };
        let writes = {
            let cache = cache.clone();
            move || {
                for (version, tag) in [(1, "all"), (2, "1")] {
                    SOURCE.store(version, Ordering::SeqCst);
                    cache.invalidate_tag(tag);
                    if tag == "all" {
                        KNOWN.store(version, Ordering::SeqCst);
                    }
                }
                assert_eq!(cache.get_or_load(1, read), 2);
            }
        };
        let threads = [thread::spawn(asks(0)), thread::spawn(asks(1)), thread::spawn(writes)];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(cache.get_or_load(1, read), 2);
        cache.invalidate_tag("all");
        assert_eq!(cache.info().len, 0);
    });
}

/// What is put is there, or something newer, whatever was invalidated meanwhile; and it has its tags.
#[test]
fn tags_and_insertions() {
    explore(|| {
        let cache: Cache<u8, u64> = Cache::builder().tags(|_| ["all"]).tags_of(|_, _| ["value"]).build();
        let puts = {
            let cache = cache.clone();
            move || {
                let version = SOURCE.fetch_add(1, Ordering::SeqCst) + 1;
                cache.insert(0, version);
                assert!(cache.get_or_load(0, read) >= version);
            }
        };
        let forgets = |tag: &'static str| {
            let cache = cache.clone();
            move || {
                SOURCE.fetch_add(1, Ordering::SeqCst);
                cache.invalidate_tag(tag);
                cache.get_or_load(0, read);
            }
        };
        let threads = [thread::spawn(puts), thread::spawn(forgets("all")), thread::spawn(forgets("value"))];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let there = cache.get(&0).is_some();
        assert_eq!((cache.invalidate_tag("value"), cache.info().len), (usize::from(there), 0));
    });
}

/// Several functions with one tag, and one more that invalidates it from inside of its body.
#[test]
fn a_tag_of_several_functions() {
    #[memoize(tags = ["all"])]
    fn other(_key: u8) -> u64 {
        by_key(0)
    }
    #[memoize(tags = ["all"])]
    fn forgets_itself(_key: u8) -> u64 {
        let read = SOURCE.load(Ordering::SeqCst);
        registry::invalidate_tag("all");
        read
    }
    explore(|| {
        let scope = testing::isolate();
        let calls: [fn() -> u64; 2] = [|| other(0), || forgets_itself(0)];
        let threads = calls.map(|call| thread::spawn(scope.wrap(move || ask(call))));
        let writer = thread::spawn(scope.wrap(|| change(1, "all")));
        threads.into_iter().chain([writer]).for_each(|thread| thread.join().unwrap());
        assert_eq!((other(0), forgets_itself::contains(0)), (1, false));
    });
}
