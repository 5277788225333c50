//! Options that have no chapter of their own.

use cached_core::{memoize, testing};
use tests::{hit, miss};

#[memoize(name = "the name in reports")]
fn named(n: u64) -> u64 {
    n
}

#[test]
fn a_name_is_shown_instead_of_the_path() {
    let _scope = testing::isolate();
    named(1);
    assert_eq!(named::cache_info().name, "the name in reports");
}

mod renamed {
    pub(super) mod vendor {
        pub(in super::super) use cached_core as caching;
    }
}

#[memoize(crate = renamed::vendor::caching)]
fn through_another_path(n: u64) -> u64 {
    n
}

#[memoize(crate = ::cached_core, max = 5,)]
fn through_the_usual_path(n: u64) -> u64 {
    n
}

#[test]
fn crate_says_where_the_library_is() {
    let _scope = testing::isolate();
    miss!(through_another_path(1) => 1);
    hit!(through_another_path(1) => 1);
    miss!(through_the_usual_path(1) => 1);
}

#[memoize()]
fn no_options(n: u64) -> u64 {
    n
}

#[test]
fn parentheses_may_be_empty() {
    let _scope = testing::isolate();
    miss!(no_options(1) => 1);
    hit!(no_options(1) => 1);
}

macro_rules! with_options {
    ($function:ident, $name:literal, $max:expr, $ttl:literal, $policy:expr) => {
        #[memoize(name = $name, max = $max, ttl = $ttl, policy = $policy)]
        fn $function(n: u64) -> u64 {
            n
        }
    };
}

with_options!(from_a_macro, "made", 2 + 1, "5s", lru);

#[test]
fn values_may_come_out_of_a_macro() {
    let scope = testing::isolate();
    miss!(from_a_macro(1) => 1);
    let info = from_a_macro::cache_info();
    assert_eq!((info.name.as_str(), info.max), ("made", Some(3)));
    scope.advance(std::time::Duration::from_secs(5));
    miss!(from_a_macro(1) => 1);
}

#[memoize(store_if = |user| user.is_some(), max = 10)]
fn found(id: u32) -> Option<u32> {
    (id % 2 == 0).then_some(id)
}

#[memoize(store_if = String::is_empty)]
fn empty(text: &str) -> Result<String, String> {
    if text == "!" { Err(text.to_owned()) } else { Ok(text.to_owned()) }
}

#[test]
fn store_if_keeps_what_it_says() {
    let _scope = testing::isolate();
    miss!(found(1) => None);
    miss!(found(1) => None);
    miss!(found(2) => Some(2));
    hit!(found(2) => Some(2));
    assert_eq!(found::cache_info().len, 1);
    miss!(empty("a") => Ok("a".to_owned()));
    miss!(empty("a") => Ok("a".to_owned()));
    miss!(empty("") => Ok(String::new()));
    hit!(empty("") => Ok(String::new()));
    miss!(empty("!") => Err("!".to_owned()));
}

#[test]
fn a_refresh_to_what_is_not_kept_removes_what_was() {
    let _scope = testing::isolate();
    found::insert(1, Some(1));
    hit!(found(1) => Some(1));
    assert_eq!(found::refresh(1), None);
    assert!(!found::contains(1));
    found::insert(3, None);
    assert!(!found::contains(3));
}

/// Options that are worked out in several places.
mod branches {
    use std::time::Duration;

    use super::*;

    #[memoize(
        ttl = |_, value| match *value {
            0 => Duration::MAX,
            1 => Default::default(),
            _ => Duration::from_secs(60),
        },
        store_if = |value| {
            if *value > 10 {
                return false;
            }
            value % 2 == 0 || *value == 1
        },
        max_weight = if cfg!(debug_assertions) { 10 } else { 10_u32.into() },
        weigher = |_, value| if let 0..=3 = *value { 1 } else { (*value).into() }
    )]
    pub fn number(number: u32) -> u32 {
        number
    }

    #[memoize(max = match 1 { 1 => 2, more => more + 1 }, store_if = { let least = 1; move |value| *value > least })]
    pub fn bound(number: u32) -> u32 {
        number
    }
}

#[test]
fn options_may_have_branches() {
    let _isolated = testing::isolate();
    use branches::{bound, number};
    for value in [0, 1, 2, 3, 8, 12] {
        number(value);
    }
    let kept: Vec<_> = (0..20).filter(|value| number::contains(*value)).collect();
    assert_eq!(kept, [0, 2, 8]);
    assert_eq!(number::cache_info().weight, 10);
    for value in 0..5 {
        bound(value);
    }
    assert_eq!((bound::cache_info().len, bound::cache_info().max), (2, Some(2)));
    assert!(!bound::contains(1));
}
