//! Generic functions: one cache for each monomorphisation.

use std::any::type_name;
use std::collections::HashMap;
use std::fmt::{Debug, Display};
use std::hash::Hash;

use cached_core::{memoize, testing};
use tests::{hit, miss};

#[memoize]
fn describe<T: Debug + Hash + Eq + Clone + Send + Sync + 'static>(value: T) -> String {
    format!("{value:?}: {}", type_name::<T>())
}

#[memoize]
fn name_of<T: 'static>() -> &'static str {
    type_name::<T>()
}

#[memoize]
fn width<const N: usize>(by: u64) -> u64 {
    by * N as u64
}

#[test]
fn two_types_with_equal_keys_never_share() {
    let _scope = testing::isolate();
    assert_eq!(describe(1_u8), "1: u8");
    assert_eq!(describe(1_u16), "1: u16");
    assert_eq!(describe(1_u8), "1: u8");
    let (bytes, words) = (describe::cache_info::<u8>(), describe::cache_info::<u16>());
    assert_eq!((bytes.hits, bytes.misses, words.hits, words.misses), (1, 1, 0, 1));
    assert!(describe::contains(1_u8) && describe::invalidate(1_u8));
    assert!(!describe::contains(1_u8) && describe::contains(1_u16));
}

#[test]
fn a_parameter_in_neither_key_nor_value_counts() {
    let _scope = testing::isolate();
    assert_eq!((name_of::<u8>(), name_of::<Vec<u8>>(), name_of::<u8>()), ("u8", "alloc::vec::Vec<u8>", "u8"));
    assert_eq!(name_of::cache_info::<u8>().hits, 1);
    assert_eq!(name_of::peek::<u16>(), None);
}

#[test]
fn const_parameters_tell_caches_apart() {
    let _scope = testing::isolate();
    assert_eq!((width::<2>(3), width::<4>(3), width::<2>(3)), (6, 12, 6));
    assert_eq!((width::cache_info::<2>().hits, width::cache_info::<4>().hits), (1, 0));
    assert_eq!(width::cache_info::<2>().name, "it::generics::width<2>");
}

#[test]
fn infos_and_clear_all_speak_of_every_monomorphisation() {
    #[memoize]
    fn local<T: Default + Display + Hash + Eq + Clone + Send + Sync + 'static>(n: u64, _kind: T) -> String {
        format!("{n} {}", T::default())
    }
    let _scope = testing::isolate();
    local(1, 0_u8);
    local(1, 0_u16);
    local(2, 0_u16);
    local(1, String::new());
    let mut infos: Vec<_> = local::infos().into_iter().map(|info| (info.name, info.len)).collect();
    infos.sort();
    let path = "it::generics::local";
    let expected = [(format!("{path}<String>"), 1), (format!("{path}<u16>"), 2), (format!("{path}<u8>"), 1)];
    assert_eq!(infos, expected);
    assert_eq!(local::clear_all(), 4);
    assert_eq!(local::infos().iter().map(|info| info.len).sum::<usize>(), 0);
}

#[test]
fn fifty_monomorphisations_find_their_own() {
    macro_rules! each {
        ($($n:literal)*) => { [$((width::<$n>(1), width::<$n>(1), width::cache_info::<$n>().hits)),*] };
    }
    let _scope = testing::isolate();
    let all = each!(100 101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116 117 118 119 120 121 122 123
        124 125 126 127 128 129 130 131 132 133 134 135 136 137 138 139 140 141 142 143 144 145 146 147 148 149);
    for (index, (first, second, hits)) in all.into_iter().enumerate() {
        assert_eq!((first, second, hits), (100 + index as u64, 100 + index as u64, 1));
    }
}

#[derive(Debug, PartialEq)]
struct Failure;

#[memoize]
fn parse<T: std::str::FromStr + Clone + Send + Sync + 'static>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure)
}

#[test]
fn of_a_generic_result_only_ok_is_kept() {
    let _scope = testing::isolate();
    assert_eq!(parse::<u8>("300"), Err(Failure));
    assert_eq!(parse::<u8>("300"), Err(Failure));
    assert_eq!(parse::<u16>("300"), Ok(300));
    assert_eq!(parse::<u16>("300"), Ok(300));
    let (bytes, words) = (parse::cache_info::<u8>(), parse::cache_info::<u16>());
    assert_eq!((bytes.hits, bytes.load_failures, words.hits), (0, 2, 1));
}

#[memoize]
fn run<T: Clone + Send + Sync + 'static>(job: fn() -> T) -> T {
    job()
}

#[test]
fn a_parameter_that_is_a_result_keeps_nothing_by_surprise() {
    let _scope = testing::isolate();
    let job: fn() -> Result<u8, String> = || Err("no".to_owned());
    assert_eq!(run(job), Err("no".to_owned()));
    assert_eq!(run(job), Err("no".to_owned()));
    assert_eq!(run::cache_info::<Result<u8, String>>().hits, 0);
    let job: fn() -> u8 = || 7;
    assert_eq!((run(job), run(job)), (7, 7));
    assert_eq!(run::cache_info::<u8>().hits, 1);
}

#[allow(clippy::extra_unused_type_parameters, reason = "only the key speaks of it")]
#[memoize(max = N, key = (text.len(), T::default()))]
fn bounded<'a, 'b: 'a, T, const N: usize>(text: &'a str, _more: &'b str) -> usize
where
    T: Default + Hash + Eq + Clone + Send + Sync + 'static,
{
    text.len() + N
}

#[test]
fn options_and_keys_may_speak_of_the_parameters() {
    let _scope = testing::isolate();
    assert_eq!(bounded::<u8, 2>("a", ""), 3);
    assert_eq!(bounded::<u8, 2>("b", ""), 3);
    assert_eq!(bounded::<u8, 3>("b", ""), 4);
    assert_eq!((bounded::cache_info::<u8, 2>().hits, bounded::cache_info::<u8, 2>().max), (1, Some(2)));
    assert!(bounded::contains::<u8, 3>("c", "") && !bounded::contains::<u16, 3>("c", ""));
    assert_eq!(bounded::clear_all(), 2);
}

#[memoize]
fn sorted<K: Ord + Hash + Clone + Send + Sync + 'static, const N: usize>(keys: [K; N], by: &[K]) -> Vec<K> {
    let mut all: Vec<K> = keys.into_iter().chain(by.iter().cloned()).collect();
    all.sort();
    all
}

#[memoize]
fn borrowed<T: ?Sized + Hash + Eq + ToOwned<Owned = String> + AsRef<str> + 'static>(text: &T) -> usize {
    text.as_ref().len()
}

#[memoize]
async fn later<T: Clone + Display + Hash + Eq + Send + Sync + 'static>(value: T) -> String {
    value.to_string()
}

#[test]
fn generic_arguments_are_borrowed_in_arrays_and_awaited() {
    let _scope = testing::isolate();
    miss_and_hit(|| sorted([3, 1], &[2]), vec![1, 2, 3]);
    assert_eq!(sorted::cache_info::<i32, 2>().hits, 1);
    miss_and_hit(|| borrowed("abc"), 3);
    assert_eq!(borrowed::cache_info::<str>().hits, 1);
    miss_and_hit(|| pollster::block_on(later(7)), "7".to_owned());
    assert_eq!(later::cache_info::<i32>().hits, 1);
}

fn miss_and_hit<T: PartialEq + Debug>(call: impl Fn() -> T, value: T) {
    assert_eq!(call(), value);
    assert_eq!(call(), value);
}

#[memoize]
fn fold<T: Copy + Hash + Eq + Send + Sync + std::ops::Add<Output = T> + 'static>(a: T, times: u32) -> T {
    if times == 0 { a } else { fold(a, times - 1) + a }
}

#[test]
fn a_generic_function_calls_itself() {
    let _scope = testing::isolate();
    assert_eq!((fold(2_u64, 5), fold(2_u8, 5)), (12, 12));
    assert_eq!((fold::cache_info::<u64>().misses, fold::cache_info::<u8>().misses), (6, 6));
}

#[memoize]
fn plain(map: &str) -> HashMap<String, u8> {
    HashMap::from([(map.to_owned(), 1)])
}

#[test]
fn what_is_not_generic_stays_one() {
    let _scope = testing::isolate();
    miss!(plain("a") => HashMap::from([("a".to_owned(), 1)]));
    hit!(plain("a") => HashMap::from([("a".to_owned(), 1)]));
}

#[derive(Debug)]
struct Repo<T> {
    all: Vec<T>,
}

#[memoize]
impl<T: Clone + Send + Sync + 'static> Repo<T> {
    #[memoize(key = (self.all.len(), name.to_lowercase()))]
    fn first(&self, name: String) -> Option<T> {
        self.all.first().filter(|_| !name.is_empty()).cloned()
    }

    #[memoize(key = (N, from % 10))]
    fn several<const N: usize>(from: u32, of: Vec<T>) -> Vec<T> {
        of.into_iter().take(N + from as usize - from as usize).collect()
    }
}

#[memoize(key = text.as_ref().to_lowercase())]
fn length<S: AsRef<str> + 'static>(text: S) -> usize {
    text.as_ref().len()
}

#[test]
fn generic_keys_are_worked_out_for_each_type_and_the_body_has_its_arguments() {
    let _scope = testing::isolate();
    let (numbers, texts) = (Repo { all: vec![1_u8] }, Repo { all: vec!["a"] });
    for name in ["Ann", "ANN"] {
        assert_eq!(numbers.first(name.to_owned()), Some(1));
        assert_eq!(texts.first(name.to_owned()), Some("a"));
        assert_eq!(Repo::several::<1>(name.len() as u32, vec![7, 8]), [7]);
        assert_eq!(Repo::several::<2>(name.len() as u32, vec![7, 8]), [7, 8]);
        assert_eq!(length(name), 3);
        assert_eq!(length(String::from(name)), 3);
    }
    assert_eq!(Repo::<u8>::first_cache().cache_info().misses, 1);
    assert_eq!(Repo::<&str>::first_cache().cache_info().misses, 1);
    assert_eq!(Repo::<i32>::several_cache::<1>().cache_info().misses, 1);
    assert_eq!(length::cache_info::<&str>().misses, 1);
    assert_eq!(length::cache_info::<String>().hits, 1);
    assert!(length::invalidate("aNn"));
    assert!(length::peek("ann").is_none());
}
