//! `ttl`: what is too old is not served, and goes even where nobody asks for it.

use std::time::Duration;

use cached_core::{memoize, testing};
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
