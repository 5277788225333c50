//! What a cache says of itself: counters, and what they advise.

use std::time::Duration;

use cached_core::{Advice, Cache, PolicyKind, memoize, registry, testing};

#[memoize(max = 10, policy = lru)]
fn small(n: u64) -> u64 {
    n
}

#[test]
fn looking_and_changing_are_not_counted_as_calls() {
    let _scope = testing::isolate();
    small(1);
    small(1);
    let before = small::cache_info();
    assert_eq!((small::peek(1), small::peek(2)), (Some(1), None));
    assert!(small::contains(1) && !small::contains(2));
    small::insert(3, 3);
    registry::report();
    assert_eq!((small::cache().peek(&3), small::cache().contains(&4)), (Some(3), false));
    let after = small::cache_info();
    assert_eq!((before.hits, before.misses, before.loads), (1, 1, 1));
    assert_eq!((after.hits, after.misses, after.loads, after.len), (1, 1, 1, 2));
}

#[test]
fn counters_start_anew_and_entries_stay() {
    let _scope = testing::isolate();
    in_turn(12, 40, small);
    let info = small::cache_info();
    assert!(info.misses > 0 && info.evictions > 0 && info.returned > 0 && info.load_time > Duration::ZERO);
    small::reset_info();
    let after = small::cache_info();
    assert_eq!((after.misses, after.hits, after.loads, after.evictions, after.returned), (0, 0, 0, 0, 0));
    assert_eq!((after.missing_room, after.load_time, after.len), (0, Duration::ZERO, 10));
    small(100);
    assert_eq!((small::cache_info().misses, small::cache_info().evictions), (1, 1));
}

/// Asks for so many keys in turn, again and again.
fn in_turn<R>(keys: u64, calls: u64, call: impl Fn(u64) -> R) {
    for n in 0..calls {
        call(n % keys);
    }
}

#[test]
fn evicted_entries_that_come_back_are_counted() {
    let _scope = testing::isolate();
    in_turn(10, 1000, small);
    assert_eq!((small::cache_info().returned, small::cache_info().misses), (0, 10));
    small::clear();
    small::reset_info();
    in_turn(12, 1200, small);
    let info = small::cache_info();
    // All but each key's first call, and with two more places all had been hits.
    assert_eq!((info.misses, info.evictions, info.returned), (1200, 1190, 1188));
    assert!((2..=4).contains(&info.missing_room), "{}", info.missing_room);
    assert_eq!(info.advice().unwrap().to_string(), {
        let bound = 10 + info.missing_room;
        format!("99% of misses were of entries evicted shortly before: raise `max` to about {bound}")
    });
}

#[test]
fn the_advice_holds_what_it_says() {
    #[memoize(max = 3_600, policy = lru)]
    fn large(n: u64) -> u64 {
        n
    }
    #[memoize(max = 6_300, policy = lru)]
    fn advised(n: u64) -> u64 {
        n
    }
    let _scope = testing::isolate();
    in_turn(5_000, 50_000, large);
    let info = large::cache_info();
    assert_eq!(info.hits, 0);
    let Some(Advice::TooSmall { bound, by_weight: false, .. }) = info.advice() else { panic!("{info}") };
    assert!((5_000..=6_300).contains(&bound), "{bound}");
    in_turn(5_000, 50_000, advised);
    assert_eq!(advised::cache_info().misses, 5_000);
    assert!(!matches!(advised::cache_info().advice(), Some(Advice::TooSmall { .. })));
}

#[test]
fn every_policy_that_is_too_small_is_found_out() {
    let _scope = testing::isolate();
    for policy in [
        PolicyKind::Adaptive,
        PolicyKind::Arc,
        PolicyKind::Fifo,
        PolicyKind::Lfu,
        PolicyKind::Lirs,
        PolicyKind::Lru,
        PolicyKind::Random,
        PolicyKind::S3Fifo,
        PolicyKind::Sieve,
        PolicyKind::TinyLfu,
    ] {
        let cache: Cache<u64, u64> = Cache::builder().max(100).policy(policy).build();
        in_turn(150, 15_000, |n| cache.get_or_load(n, || n));
        let info = cache.info();
        let advice = info.advice();
        assert!(matches!(advice, Some(Advice::TooSmall { .. })), "{policy}: {info} {advice:?}");
    }
}

#[test]
fn a_cache_bound_by_weight_is_told_its_weight() {
    #[memoize(max_weight = 1000, weigher = |_, text| text.len() as u64, policy = lru)]
    fn text(n: u64) -> String {
        "x".repeat(10 + (n % 2) as usize * 10)
    }
    let _scope = testing::isolate();
    in_turn(100, 10_000, text);
    let info = text::cache_info();
    let Some(Advice::TooSmall { bound, by_weight: true, .. }) = info.advice() else { panic!("{info}") };
    // All hundred weigh 1500.
    assert!((1_400..=1_900).contains(&bound), "{bound}");
}

#[test]
fn keys_that_never_come_back_make_a_cache_useless() {
    let _scope = testing::isolate();
    in_turn(5_000, 5_000, small);
    assert!(matches!(small::cache_info().advice(), Some(Advice::RarelyHit { calls: 5_000, .. })));
    let text = format!("{:80}", registry::report());
    let advice = "`it::looking::small`: none of 5_000 calls was a hit: the cache saves nothing.";
    assert!(text.contains(advice), "{text}");
}

#[test]
fn a_function_cheaper_than_its_cache_is_told_so() {
    #[memoize]
    fn cheap(n: u64) -> u64 {
        n + 1
    }
    // Never more than one hit for a miss, and a miss costs more than adding one; but a thread that has to wait for its turn
    // while it adds looks as if that took long. Not every time.
    let is_told = |_| {
        let _scope = testing::isolate();
        in_turn(2_000, 2_000, |n| cheap(n / 2));
        matches!(cheap::cache_info().advice(), Some(Advice::NotWorthIt { .. }))
    };
    assert!((0..1_000).any(is_told));
}

#[test]
fn a_good_cache_is_told_nothing() {
    #[memoize]
    fn good(n: u64) -> u64 {
        (0..20_000).fold(n, |sum, i| std::hint::black_box(sum ^ i))
    }
    let _scope = testing::isolate();
    in_turn(10, 5_000, good);
    assert_eq!(good::cache_info().advice(), None);
}

#[test]
fn one_line_says_it_all() {
    let _scope = testing::isolate();
    small(1);
    small(1);
    let line = small::cache_info().to_string();
    assert!(line.starts_with("hits=1 misses=1 len=1 max=10 hit_ratio=50.0%"), "{line}");
    assert_eq!(line.lines().count(), 1);
}

#[test]
fn it_can_be_serialized() {
    let _scope = testing::isolate();
    small(1);
    in_turn(1, 3, |_| small(1));
    let json = serde_json::to_value(small::cache_info()).unwrap();
    let fields = ["name", "policy", "hits", "misses", "max", "max_weight", "hit_ratio"]
        .map(|field| json[field].clone());
    let wanted = serde_json::json!(["it::looking::small", "lru", 3, 1, 10, null, 0.75]);
    assert_eq!(serde_json::Value::from(fields.to_vec()), wanted);
    let mean = small::cache_info().mean_load_time().as_secs_f64();
    assert_eq!(json["load_time"].as_f64(), Some(mean));
    assert_eq!(json["time_saved"].as_f64().map(|saved| (saved * 1e9).round()), Some((mean * 3e9).round()));
}

#[test]
fn caches_that_are_no_functions_are_listed_as_long_as_they_are_there() {
    let _scope = testing::isolate();
    let pages: Cache<u32, u32> = Cache::builder().name("pages").build();
    pages.get_or_load(1, || 10);
    small(1);
    let names: Vec<_> = registry::all().iter().map(registry::Entry::name).collect();
    assert_eq!(names, ["it::looking::small", "pages"]);
    let entry = registry::find("pages").unwrap();
    assert_eq!((entry.cache_info().misses, entry.clear(), pages.info().len), (1, 1, 0));
    drop((pages, entry));
    assert!(registry::find("pages").is_none());
}
