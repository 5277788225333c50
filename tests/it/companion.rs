//! The verbs that a memoized function brings along.

use cached_core::{memoize, testing};
use tests::{hit, miss};

/// The documentation stays.
#[memoize(max = 10_000, policy = lru)]
fn price(id: u32, currency: &str) -> String {
    format!("{id} {currency}")
}

#[test]
fn equal_arguments_run_the_body_once() {
    let _scope = testing::isolate();
    miss!(price(7, "EUR") => "7 EUR");
    hit!(price(7, "EUR") => "7 EUR");
    miss!(price(7, "USD") => "7 USD");
    miss!(price(8, "EUR") => "8 EUR");
}

#[test]
fn cache_info_tells_what_happened() {
    let _scope = testing::isolate();
    price(7, "EUR");
    price(7, "EUR");
    price(8, "EUR");
    let info = price::cache_info();
    assert_eq!((info.hits, info.misses, info.loads, info.len), (1, 2, 2, 2));
    assert_eq!((info.max, info.policy), (Some(10_000), cached_core::PolicyKind::Lru));
    assert_eq!(info.name, "it::companion::price");
    assert!((info.hit_ratio() - 1.0 / 3.0).abs() < 1e-9);
    assert_eq!(info.time_saved(), info.mean_load_time());
    let line = info.to_string();
    assert!(line.starts_with("hits=1 misses=2 len=2 max=10000 hit_ratio=33.3%"), "{line}");
}

#[test]
fn invalidate_forgets_one_entry_and_says_whether_there_was_one() {
    let _scope = testing::isolate();
    price(7, "EUR");
    price(8, "EUR");
    assert!(price::invalidate(7, "EUR"));
    assert!(!price::invalidate(7, "EUR"));
    assert!(!price::invalidate(7, "USD"));
    miss!(price(7, "EUR") => "7 EUR");
    hit!(price(8, "EUR") => "8 EUR");
    assert_eq!(price::cache_info().invalidations, 1);
}

#[test]
fn invalidate_if_forgets_what_matches() {
    let _scope = testing::isolate();
    for id in 0..10 {
        price(id, if id < 5 { "EUR" } else { "USD" });
    }
    assert_eq!(
        price::invalidate_if(|(id, currency), value| *id >= 3 && currency == "EUR" && value.len() == 5),
        2
    );
    assert_eq!(price::cache_info().len, 8);
    miss!(price(3, "EUR") => "3 EUR");
    hit!(price(2, "EUR") => "2 EUR");
    hit!(price(9, "USD") => "9 USD");
}

#[test]
fn clear_forgets_everything_and_keeps_the_counters() {
    let _scope = testing::isolate();
    price(7, "EUR");
    price(7, "EUR");
    price(8, "EUR");
    assert_eq!(price::clear(), 2);
    let info = price::cache_info();
    assert_eq!((info.hits, info.misses, info.len, info.invalidations), (1, 2, 0, 2));
    assert_eq!(price::clear(), 0);
}

#[test]
fn reset_info_zeroes_the_counters_and_keeps_the_entries() {
    let _scope = testing::isolate();
    price(7, "EUR");
    price::reset_info();
    let info = price::cache_info();
    assert_eq!((info.hits, info.misses, info.loads, info.len), (0, 0, 0, 1));
    hit!(price(7, "EUR") => "7 EUR");
}

#[test]
fn peek_and_contains_look_without_counting_or_loading() {
    let _scope = testing::isolate();
    assert_eq!(price::peek(7, "EUR"), None);
    assert!(!price::contains(7, "EUR"));
    price(7, "EUR");
    price::reset_info();
    assert_eq!(price::peek(7, "EUR").as_deref(), Some("7 EUR"));
    assert!(price::contains(7, "EUR"));
    let info = price::cache_info();
    assert_eq!((info.hits, info.misses, info.loads), (0, 0, 0));
}

#[test]
fn insert_puts_a_value_as_write_through_does() {
    let _scope = testing::isolate();
    price::insert(7, "EUR", "free".to_owned());
    hit!(price(7, "EUR") => "free");
    price::insert(7, "EUR", "dear".to_owned());
    hit!(price(7, "EUR") => "dear");
    assert_eq!(price::cache_info().len, 1);
}

#[test]
fn refresh_runs_the_body_now_and_replaces_the_entry() {
    let _scope = testing::isolate();
    price::insert(7, "EUR", "stale".to_owned());
    assert_eq!(price::refresh(7, "EUR"), "7 EUR");
    hit!(price(7, "EUR") => "7 EUR");
    let info = price::cache_info();
    assert_eq!((info.refreshes, info.loads, info.misses, info.len), (1, 1, 0, 1));
}

#[test]
fn uncached_is_the_body_itself() {
    let _scope = testing::isolate();
    price::insert(7, "EUR", "cached".to_owned());
    assert_eq!(price::uncached(7, "EUR"), "7 EUR");
    let info = price::cache_info();
    assert_eq!((info.hits, info.misses, info.loads), (0, 0, 0));
}

#[test]
fn the_handle_has_the_same_verbs_by_key() {
    let _scope = testing::isolate();
    let cache = price::cache();
    let key = (7, "EUR".to_owned());
    price(7, "EUR");
    assert!(cache.contains(&key));
    assert_eq!(cache.peek(&key).as_deref(), Some("7 EUR"));
    assert!(cache.invalidate(&key));
    cache.insert(key, "free".to_owned());
    hit!(price(7, "EUR") => "free");
    assert_eq!(cache.invalidate_if(|_, value| value == "free"), 1);
    price(7, "EUR");
    assert_eq!(cache.clear(), 1);
    assert_eq!(cache.cache_info(), price::cache_info());
    cache.reset_info();
    assert_eq!(cache.cache_info().misses, 0);
    assert_eq!(cache.name(), "it::companion::price");
    assert!(format!("{cache:?}").contains("it::companion::price"));
}

#[memoize]
fn length(word: &str) -> usize {
    word.len()
}

#[test]
fn a_key_of_one_argument_is_that_argument_and_can_be_borrowed() {
    let _scope = testing::isolate();
    length("seven");
    assert!(length::cache().contains("seven"));
    assert!(length::cache().contains(&"seven".to_owned()));
    length::cache().insert("ten".to_owned(), 10);
    assert_eq!(length::cache().peek("ten"), Some(10));
    assert!(length::cache().invalidate("seven"));
}

#[test]
fn the_companion_is_imported_with_the_function() {
    mod inner {
        #[cached_core::memoize]
        pub(super) fn half(n: u32) -> u32 {
            n / 2
        }
    }
    use inner::half;
    let _scope = testing::isolate();
    miss!(half(8) => 4);
    hit!(half(8) => 4);
}

#[memoize]
fn inner(n: u64) -> u64 {
    let begun = std::time::Instant::now();
    while begun.elapsed().as_millis() < 20 {}
    n
}

#[memoize]
fn outer(n: u64) -> u64 {
    inner(n) + inner(n + 1)
}

#[test]
fn load_time_is_a_bodys_own() {
    let _scope = testing::isolate();
    outer(1);
    let (own, nested) = (outer::cache_info().load_time, inner::cache_info().load_time);
    assert!(nested.as_millis() >= 40, "{nested:?}");
    assert!(own < nested / 2, "{own:?} of the outer body hold {nested:?} of the inner one");
}
