//! `ttl`: what is too old is not served, and goes even where nobody asks for it.

use std::cell::Cell;
use std::time::Duration;

use cached_core::{memoize, testing};
use pollster::block_on;
use tests::{hit, miss};

const SECOND: Duration = Duration::from_secs(1);

#[memoize(ttl = 60s)]
fn minute(n: u64) -> u64 {
    n
}

#[test]
fn an_entry_lives_for_its_ttl_and_not_longer() {
    let scope = testing::isolate();
    miss!(minute(1) => 1);
    scope.advance(59 * SECOND);
    hit!(minute(1) => 1);
    scope.advance(SECOND);
    assert!(!minute::contains(1));
    assert_eq!(minute::peek(1), None);
    miss!(minute(1) => 1);
    hit!(minute(1) => 1);
}

#[test]
fn a_use_does_not_prolong_life() {
    let scope = testing::isolate();
    minute(1);
    for _ in 0..59 {
        scope.advance(SECOND);
        hit!(minute(1) => 1);
    }
    scope.advance(SECOND);
    miss!(minute(1) => 1);
}

#[test]
fn storing_again_begins_a_new_life() {
    let scope = testing::isolate();
    minute(1);
    scope.advance(59 * SECOND);
    minute::refresh(1);
    scope.advance(59 * SECOND);
    hit!(minute(1) => 1);
    minute::insert(1, 7);
    scope.advance(59 * SECOND);
    hit!(minute(1) => 7);
}

#[test]
fn an_expired_entry_is_not_there_to_be_invalidated() {
    let scope = testing::isolate();
    minute(1);
    minute(2);
    scope.advance(60 * SECOND);
    assert!(!minute::invalidate(1));
    assert_eq!(minute::invalidate_if(|_, _| true), 0);
    assert_eq!(minute::clear(), 0);
    let info = minute::cache_info();
    assert_eq!((info.invalidations, info.expirations, info.len), (0, 2, 0));
}

#[test]
fn what_nobody_asks_for_again_is_reclaimed() {
    let scope = testing::isolate();
    (0..10_000).for_each(|n| {
        minute(n);
    });
    scope.advance(60 * SECOND);
    // One key, always the same: hits of it clear the others away, a bounded number at a time.
    (0..200).for_each(|_| {
        minute(0);
    });
    let info = minute::cache_info();
    assert_eq!((info.len, info.expirations), (1, 10_000));
}

#[test]
fn entries_of_different_age_go_in_their_order() {
    let scope = testing::isolate();
    for n in 0..100 {
        minute(n);
        scope.advance(SECOND);
    }
    // Born at 0, 1, 2 … 99; it is 100 now, so those born at 40 or before are gone.
    assert_eq!(minute::cache_info().len, 59);
    (41..100).for_each(|n| assert!(minute::contains(n)));
    (0..41).for_each(|n| assert!(!minute::contains(n)));
}

#[memoize(ttl = 0s)]
fn zero(n: u64) -> u64 {
    n
}

#[memoize(ttl = 1ns)]
fn nanosecond(n: u64) -> u64 {
    n
}

#[memoize(ttl = 18446744073709551615s)]
fn eternity(n: u64) -> u64 {
    n
}

#[memoize(ttl = Duration::MAX)]
fn longest(n: u64) -> u64 {
    n
}

#[test]
fn every_ttl_is_sound_from_nothing_to_eternity() {
    let scope = testing::isolate();
    miss!(zero(1) => 1);
    miss!(zero(1) => 1);
    zero::insert(1, 2);
    miss!(zero(1) => 1);
    assert_eq!(zero::cache_info().len, 0);
    miss!(nanosecond(1) => 1);
    hit!(nanosecond(1) => 1);
    scope.advance(Duration::from_nanos(1));
    miss!(nanosecond(1) => 1);
    miss!(eternity(1) => 1);
    miss!(longest(1) => 1);
    scope.advance(Duration::MAX);
    scope.advance(Duration::MAX);
    hit!(eternity(1) => 1);
    hit!(longest(1) => 1);
}

#[memoize(ttl = 5)]
fn seconds(n: u64) -> u64 {
    n
}

#[memoize(ttl = 1h30m)]
fn hour_and_a_half(n: u64) -> u64 {
    n
}

#[memoize(ttl = "1h 30m")]
fn in_words(n: u64) -> u64 {
    n
}

#[memoize(ttl = 1.5s)]
fn fraction(n: u64) -> u64 {
    n
}

const LIFE: Duration = Duration::from_secs(3);

#[memoize(ttl = LIFE * 2)]
fn expression(n: u64) -> u64 {
    n
}

#[test]
fn a_ttl_is_written_as_people_write_durations() {
    let scope = testing::isolate();
    let lives: [(fn(u64) -> u64, fn(u64) -> bool, Duration); 5] = [
        (seconds, seconds::contains, Duration::from_secs(5)),
        (hour_and_a_half, hour_and_a_half::contains, Duration::from_secs(5400)),
        (in_words, in_words::contains, Duration::from_secs(5400)),
        (fraction, fraction::contains, Duration::from_millis(1500)),
        (expression, expression::contains, Duration::from_secs(6)),
    ];
    for (call, contains, life) in lives {
        call(1);
        scope.advance(life - Duration::from_nanos(1));
        assert!(contains(1), "{life:?}");
        scope.advance(Duration::from_nanos(1));
        assert!(!contains(1), "{life:?}");
    }
}

#[memoize(ttl = 60s, max = 3, policy = lru)]
fn both(n: u64) -> u64 {
    n
}

#[test]
fn ttl_and_max_hold_together() {
    let scope = testing::isolate();
    (0..3).for_each(|n| {
        both(n);
    });
    scope.advance(61 * SECOND);
    both(9);
    let info = both::cache_info();
    assert_eq!((info.len, info.evictions, info.expirations), (1, 0, 3));
}

#[memoize(ttl = |(n, _), value| Duration::from_secs(n + value.len() as u64))]
fn by_entry(n: u64, text: &str) -> String {
    text.repeat(n as usize)
}

#[memoize(ttl = |key: &u64, _: &u64| Duration::from_secs(*key))]
fn own_age(n: u64) -> u64 {
    n
}

#[test]
fn each_entry_may_have_a_life_of_its_own() {
    let scope = testing::isolate();
    (0..10).for_each(|n| miss!(own_age(n) => n));
    miss!(own_age(0) => 0);
    for now in 1..10 {
        scope.advance(SECOND);
        (0..10).for_each(|n| assert_eq!(own_age::contains(n), n > now, "{n} at {now} s"));
    }
    own_age::insert(3, 9);
    scope.advance(2 * SECOND);
    hit!(own_age(3) => 9);
    // Two letters, twice, and two: six seconds.
    by_entry(2, "ab");
    scope.advance(5 * SECOND);
    assert!(by_entry::contains(2, "ab"));
    scope.advance(SECOND);
    assert!(!by_entry::contains(2, "ab"));
}

#[memoize(ttl = |_, value: &u64| Duration::from_secs(*value), key = n % 10)]
fn by_value(n: u64) -> u64 {
    n / 10
}

#[test]
fn what_is_not_to_be_kept_takes_the_place_of_what_was() {
    let scope = testing::isolate();
    miss!(by_value(31) => 3);
    hit!(by_value(71) => 3);
    assert_eq!(by_value::refresh(1), 0);
    assert!(!by_value::contains(1), "the old value is gone, and the new one lives for no time");
    by_value(21);
    by_value::insert(1, 0);
    assert!(!by_value::contains(1));
    assert_eq!(by_value::cache_info().len, 0);
    scope.advance(SECOND);
}

#[memoize(idle = 60s)]
fn idle(n: u64) -> u64 {
    n
}

#[test]
fn what_is_used_stays_and_what_is_not_goes() {
    let scope = testing::isolate();
    (0..3).for_each(|n| miss!(idle(n) => n));
    for _ in 0..100 {
        scope.advance(59 * SECOND);
        hit!(idle(1) => 1);
    }
    assert!(!idle::contains(0));
    scope.advance(59 * SECOND);
    assert!(idle::contains(1) && idle::peek(1) == Some(1), "looking is no use");
    scope.advance(SECOND);
    assert!(!idle::contains(1));
    assert_eq!((idle::cache_info().len, idle::cache_info().expirations), (0, 3));
}

#[memoize(ttl = 100s, idle = 10s)]
fn idle_for_a_while(n: u64) -> u64 {
    n
}

#[test]
fn no_use_prolongs_life_beyond_the_ttl() {
    let scope = testing::isolate();
    (0..2).for_each(|n| miss!(idle_for_a_while(n) => n));
    for _ in 0..12 {
        scope.advance(8 * SECOND);
        hit!(idle_for_a_while(1) => 1);
    }
    miss!(idle_for_a_while(0) => 0);
    scope.advance(4 * SECOND);
    miss!(idle_for_a_while(1) => 1);
    scope.advance(6 * SECOND);
    miss!(idle_for_a_while(0) => 0);
}

#[memoize(idle = 0s)]
fn idle_nothing(n: u64) -> u64 {
    n
}

#[memoize(idle = Duration::MAX)]
fn idle_for_ever(n: u64) -> u64 {
    n
}

#[memoize(idle = 1ns, ttl = 18446744073709551615s)]
fn idle_for_a_moment(n: u64) -> u64 {
    n
}

#[test]
fn every_idle_time_is_sound() {
    let scope = testing::isolate();
    miss!(idle_nothing(1) => 1);
    miss!(idle_nothing(1) => 1);
    miss!(idle_for_ever(1) => 1);
    miss!(idle_for_a_moment(1) => 1);
    hit!(idle_for_a_moment(1) => 1);
    scope.advance(Duration::from_nanos(1));
    miss!(idle_for_a_moment(1) => 1);
    scope.advance(Duration::MAX);
    hit!(idle_for_ever(1) => 1);
}

#[memoize(ttl = 60s, jitter = 0.2)]
fn spread(n: u64) -> u64 {
    n
}

/// Of entries that were loaded at once, the largest share that goes within one second.
fn busiest(load: fn(u64) -> u64, len: fn() -> usize) -> f64 {
    let scope = testing::isolate();
    (0..10_000).for_each(|n| assert_eq!(load(n), n));
    scope.advance(47 * SECOND);
    let (mut left, mut busiest) = (len(), 0);
    assert_eq!(left, 10_000, "none goes before its time");
    for _ in 0..13 {
        scope.advance(SECOND);
        let now = len();
        (busiest, left) = (busiest.max(left - now), now);
    }
    assert_eq!(left, 0, "none lives longer");
    busiest as f64 / 10_000.0
}

#[test]
fn jitter_spreads_a_wave() {
    let share = busiest(spread, || spread::cache_info().len);
    assert!(share < 0.12, "{share} of the entries in one second");
    let share = busiest(minute, || minute::cache_info().len);
    assert!(share >= 1.0, "without it all go at once");
    let share = busiest(|n| pollster::block_on(spread_tasks(n)), || spread_tasks::cache_info().len);
    assert!(share < 0.12, "{share} of the entries in one second");
}

#[memoize(ttl = 60s, jitter = 0.2)]
async fn spread_tasks(n: u64) -> u64 {
    n
}

#[memoize(ttl = 10 * 6)]
fn whole_seconds(n: u64) -> u64 {
    n
}

#[test]
fn a_scope_may_follow_another_clock_which_cannot_go_back() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    let (scope, time) = (testing::isolate(), Arc::new(AtomicU64::new(1000)));
    let source = Arc::clone(&time);
    scope.follow(move || Duration::from_secs(source.load(Ordering::Relaxed)));
    miss!(whole_seconds(1) => 1);
    time.store(5, Ordering::Relaxed);
    hit!(whole_seconds(1) => 1);
    time.store(1059, Ordering::Relaxed);
    hit!(whole_seconds(1) => 1);
    time.store(1060, Ordering::Relaxed);
    miss!(whole_seconds(1) => 1);
}

#[test]
fn paused_time_of_a_runtime_works() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let (scope, start) = (testing::isolate(), tokio::time::Instant::now());
        scope.follow(move || start.elapsed());
        miss!(minute(1) => 1);
        tokio::time::sleep(59 * SECOND).await;
        hit!(minute(1) => 1);
        tokio::time::sleep(SECOND).await;
        miss!(minute(1) => 1);
    });
}

/// Outside of any scope, by the system's clock. No test can wait for long, so what matters here is that
/// hits are hits and that what is over is over.
#[test]
fn the_systems_clock_is_kept_to_the_point() {
    #[memoize(ttl = 1h)]
    fn long(n: u64) -> u64 {
        n
    }
    #[memoize(ttl = 40ms)]
    fn short(n: u64) -> u64 {
        n
    }
    #[memoize(idle = 1h, ttl = 1d)]
    fn used(n: u64) -> u64 {
        n
    }
    for call in [long, used] {
        (0..1000).for_each(|n| assert_eq!(call(n % 10), n % 10));
    }
    assert_eq!((long::cache_info().hits, long::cache_info().misses), (990, 10));
    assert_eq!((used::cache_info().hits, used::cache_info().misses), (990, 10));
    let ttl = Duration::from_millis(40);
    for n in 0..3 {
        let begun = std::time::Instant::now();
        short(n);
        let stored = std::time::Instant::now();
        while short::contains(n) {
            assert!(begun.elapsed() < 100 * ttl, "it never goes");
            short(n);
        }
        assert!(begun.elapsed() >= ttl && stored.elapsed() > Duration::ZERO, "it went too early");
    }
}

/// One session, whose end asks for another.
#[derive(Clone)]
struct Session(u32);

thread_local!(static ENDS: Cell<u32> = const { Cell::new(0) });

/// Asks once, while that session is thrown away.
fn end(id: u32, ask: impl FnOnce()) {
    if id != 0 && ENDS.get() == id {
        ENDS.set(0);
        ask();
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        end(self.0, || _ = session(0));
    }
}

#[memoize(ttl = 60s)]
fn session(id: u32) -> Session {
    Session(id)
}

#[derive(Clone)]
struct Awaited(u32);

impl Drop for Awaited {
    fn drop(&mut self) {
        end(self.0, || _ = block_on(awaited_session(0)));
    }
}

#[memoize(ttl = 60s)]
async fn awaited_session(id: u32) -> Awaited {
    Awaited(id)
}

/// More than one look-up clears away at once, so that some is left for whoever looks next.
const MANY: u32 = 600;

#[test]
fn what_has_ended_is_not_thrown_away_under_a_load() {
    for ending in [20, 300, 500, 590] {
        let scope = testing::isolate();
        (1..MANY).for_each(|id| _ = session(id));
        scope.advance(61 * SECOND);
        ENDS.set(ending);
        assert_eq!(session(0).0, 0, "and nobody waits for himself");
    }
}

#[test]
fn nor_under_that_of_a_task() {
    for ending in [20, 300, 500, 590] {
        let scope = testing::isolate();
        (1..MANY).for_each(|id| _ = block_on(awaited_session(id)));
        scope.advance(61 * SECOND);
        ENDS.set(ending);
        assert_eq!(block_on(awaited_session(0)).0, 0);
    }
}
