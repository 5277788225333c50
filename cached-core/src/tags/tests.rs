use super::*;
use crate::Cache;

fn tag(n: u64) -> Vec<Tag> {
    vec![Tag::from(format!("tag:{n}"))]
}

fn held(index: &Arc<Index>, n: u64) -> Held {
    index.hold(tag(n), None).unwrap().unwrap()
}

#[test]
fn a_record_lives_as_long_as_somebody_holds_it() {
    let index = Index::new();
    let (one, again, other) = (held(&index, 1), held(&index, 1), held(&index, 2));
    assert_eq!(index.len(), (2, 0));
    drop(one);
    assert_eq!(index.len(), (2, 0));
    let both = again.with(Some(&other));
    drop((again, other));
    assert_eq!(index.len(), (2, 0), "what was made of two holds holds both");
    assert!(index.kill(Tag::from("tag:2")).is_some());
    assert!(!both.is_current());
    assert_eq!(index.len(), (1, 0));
    drop(both);
    assert_eq!(index.len(), (0, 0));
    assert!(index.kill(Tag::from("tag:1")).is_none(), "nobody has it");
}

#[test]
fn a_new_hold_is_of_a_new_record() {
    let index = Index::new();
    let before = held(&index, 1);
    index.kill(Tag::from("tag:1"));
    let after = held(&index, 1);
    assert!(!before.is_current() && after.is_current());
    drop(before);
    assert_eq!(index.len(), (1, 0));
    assert!(after.is_current());
}

#[test]
fn invalidations_are_remembered_as_long_as_a_load_may_ask() {
    let index = Index::new();
    index.kill(Tag::from("tag:1"));
    let since = index.begin();
    index.kill(Tag::from("tag:2"));
    let later = index.begin();
    assert!(index.hold(tag(1), Some(&since)).is_ok());
    assert!(index.hold(tag(2), Some(&since)).is_err());
    assert!(index.hold(tag(2), Some(&later)).is_ok());
    assert_eq!(index.len(), (0, 1));
    drop(since);
    assert_eq!(index.len(), (0, 1));
    drop(later);
    assert_eq!(index.len(), (0, 0));
}

#[test]
fn more_than_can_be_remembered_counts_as_all() {
    let index = Index::new();
    let since = index.begin();
    for n in 0..100_000 {
        index.kill(Tag::from(format!("tag:{n}")));
    }
    assert!(index.len().1 <= 16 * 1024, "{:?}", index.len());
    let later = index.begin();
    for n in [0, 50_000, 99_999, 100_000] {
        assert!(index.hold(tag(n), Some(&since)).is_err(), "it may have been one of those forgotten");
        assert!(index.hold(tag(n), Some(&later)).is_ok());
    }
}

#[test]
fn the_index_is_flat_after_many_tags_came_and_went() {
    let cache: Cache<u64, u64> = Cache::builder().max(1000).tags(|key| [format!("user:{key}")]).build();
    (0..50_000).for_each(|key| cache.insert(key, key));
    cache.info();
    let index = cache.store().tag_index().expect("it has tags");
    // Some wait for readers of other tests.
    assert!(index.len().0 <= 2_000, "{:?}", index.len());
    for key in 0..50_000 {
        cache.invalidate_tag(format!("user:{key}"));
    }
    assert_eq!(cache.info().len, 0);
    let is_flat = (0..1_000_000).any(|_| {
        std::thread::yield_now();
        cache.info();
        index.len() == (0, 0) && index.capacity() <= 16 * 128
    });
    assert!(is_flat, "{:?} in {}", index.len(), index.capacity());
}

#[test]
fn one_operation_takes_out_a_bounded_number() {
    let cache: Cache<u64, u64> = Cache::builder().tags(|_| ["all"]).build();
    (0..10_000).for_each(|key| cache.insert(key, key));
    assert_eq!(cache.invalidate_tag("all"), 10_000);
    let there = || cache.store().table_and_counters().0.len();
    let mut left = there();
    assert_eq!(left, 10_000 - 1024);
    while left > 0 {
        assert_eq!(cache.get(&7), None);
        let now = there();
        assert!(left - now == left.min(256), "{left} -> {now}");
        left = now;
    }
}

#[test]
fn what_has_left_does_not_pile_up_at_a_tag_that_stays() {
    let cache: Cache<u64, u64> = Cache::builder().max(100).tags(|_| ["all"]).build();
    (0..100_000).for_each(|key| cache.insert(key, key));
    let index = cache.store().tag_index().expect("it has tags");
    let killed = index.kill(Tag::from("all")).expect("entries have it");
    assert_eq!(killed.entries, 100);
    assert!(killed.members.len() <= 2 * 100 + 16 + 4, "{}", killed.members.len());
}
