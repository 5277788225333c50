//! Functions as people write them.

use std::sync::Arc;

use cached_core::{memoize, testing};
use tests::{hit, miss};

#[memoize]
fn nothing() -> u64 {
    7
}

#[memoize]
fn unit(n: u64) {
    let _ = n;
}

#[memoize]
#[allow(clippy::too_many_arguments)]
fn sixteen(
    a: u8,
    b: u8,
    c: u8,
    d: u8,
    e: u8,
    f: u8,
    g: u8,
    h: u8,
    i: u8,
    j: u8,
    k: u8,
    l: u8,
    m: u8,
    n: u8,
    o: &str,
    p: f64,
) -> String {
    format!("{a}{b}{c}{d}{e}{f}{g}{h}{i}{j}{k}{l}{m}{n}{o}{p}")
}

#[test]
fn from_no_parameter_to_sixteen() {
    let _scope = testing::isolate();
    miss!(nothing() => 7);
    hit!(nothing() => 7);
    assert!(nothing::invalidate() && nothing::cache().peek(&()).is_none());
    miss!(unit(1) => ());
    hit!(unit(1) => ());
    miss!(sixteen(1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, "x", 0.5) => "12345678912345x0.5");
    hit!(sixteen(1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, "x", 0.5) => "12345678912345x0.5");
    miss!(sixteen(1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, "x", 0.25) => "12345678912345x0.25");
    assert!(sixteen::invalidate(1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, "x", 0.5));
}

#[memoize]
fn patterns((a, b): (u32, u32), mut c: u32, [d, ..]: [u32; 3], _: u8) -> u32 {
    c += 1;
    a + b + c + d
}

#[memoize]
fn raw(r#type: u32, r#fn: &str) -> String {
    format!("{}{}", r#type, r#fn)
}

#[memoize]
fn like_ours(lookup: u32, value: u32, memo: u32, f: u32, kept: u32, part0: u32) -> u32 {
    lookup + value + memo + f + kept + part0
}

#[memoize(key = (value + 1, lookup))]
fn like_ours_with_a_key(value: u32, lookup: u32, part0: u32) -> u32 {
    value + lookup + part0
}

#[test]
fn parameters_are_patterns_and_have_any_name() {
    let _scope = testing::isolate();
    miss!(patterns((1, 2), 3, [4, 5, 6], 0) => 11);
    hit!(patterns((1, 2), 3, [4, 5, 6], 0) => 11);
    miss!(patterns((1, 2), 3, [4, 5, 6], 1) => 11);
    miss!(raw(1, "x") => "1x");
    hit!(raw(1, "x") => "1x");
    like_ours::insert(1, 2, 3, 4, 5, 6, 100);
    hit!(like_ours(1, 2, 3, 4, 5, 6) => 100);
    miss!(like_ours_with_a_key(1, 2, 3) => 6);
    hit!(like_ours_with_a_key(1, 2, 4) => 6);
    like_ours_with_a_key::insert(1, 2, 3, 9);
    hit!(like_ours_with_a_key(1, 2, 3) => 9);
}

#[memoize]
fn early(n: i32) -> Option<i32> {
    #![allow(clippy::needless_return)]
    let half = n.checked_div(2)?;
    if half > 10 {
        return Some(half);
    }
    None
}

#[memoize]
fn lifetimes<'a, 'b: 'a>(a: &'a str, b: &'b str) -> String
where
    'a: 'a,
{
    let longer: &'a str = if a.len() > b.len() { a } else { b };
    longer.to_owned()
}

#[memoize]
fn counted(n: u32) -> Arc<Vec<u32>> {
    Arc::new((0..n).collect())
}

#[memoize]
fn pointers(f: fn(u32) -> u32, s: &'static str, a: Arc<str>, n: Option<&'static str>) -> String {
    format!("{}{s}{a}{n:?}", f(1))
}

fn next(n: u32) -> u32 {
    n + 1
}

#[test]
fn bodies_and_signatures_are_what_they_are_without_the_attribute() {
    let _scope = testing::isolate();
    miss!(early(30) => Some(15));
    hit!(early(30) => Some(15));
    miss!(early(2) => None);
    miss!(lifetimes("a", "bc") => "bc");
    hit!(lifetimes("a", "bc") => "bc");
    assert!(Arc::ptr_eq(&counted(3), &counted(3)));
    let call = || pointers(next, "s", Arc::from("a"), Some("n"));
    assert_eq!(call(), "2saSome(\"n\")");
    assert_eq!(call(), "2saSome(\"n\")");
    assert_eq!(pointers::cache_info().hits, 1);
}

macro_rules! make {
    ($name:ident, $argument:ident: $type:ty => $body:block) => {
        #[memoize(max = 4)]
        fn $name($argument: $type) -> $type $body
    };
}

make!(made, n: u64 => { n + 1 });

#[test]
fn functions_are_made_by_macros_and_inside_functions() {
    #[derive(Clone, PartialEq, Eq, Hash, Debug)]
    struct Local(u32);
    #[memoize]
    fn inner(local: Local) -> Local {
        Local(local.0 + 1)
    }
    let _scope = testing::isolate();
    miss!(made(1) => 2);
    hit!(made(1) => 2);
    miss!(inner(Local(1)) => Local(2));
    hit!(inner(Local(1)) => Local(2));
}

#[memoize]
#[cfg(test)]
#[must_use]
#[inline]
#[doc = "Attributes stay."]
fn attributed(#[allow(unused)] n: u64) -> u64 {
    1
}

#[memoize]
#[cfg(not(test))]
fn attributed(n: u64) -> String {
    n.to_string()
}

#[expect(clippy::needless_pass_by_value, reason = "that is what this is about")]
#[memoize]
fn by_value(text: String) -> usize {
    text.len()
}

#[test]
fn attributes_are_kept() {
    let _scope = testing::isolate();
    miss!(attributed(1) => 1);
    hit!(attributed(1) => 1);
    miss!(by_value("abc".to_owned()) => 3);
}

#[memoize]
fn callbacks(apply: fn(&str) -> usize, text: &str) -> usize {
    apply(text)
}

type Check = Arc<dyn Fn(&str) -> bool + Send + Sync>;

#[memoize]
fn checker(least: usize) -> Arc<dyn Fn(&str) -> bool + Send + Sync> {
    Arc::new(move |text| text.len() >= least)
}

#[test]
fn what_a_function_type_borrows_is_no_borrow_of_ours() {
    let _scope = testing::isolate();
    let length: fn(&str) -> usize = str::len;
    miss!(callbacks(length, "abc") => 3);
    hit!(callbacks(length, "abc") => 3);
    let (one, same): (Check, Check) = (checker(2), checker(2));
    assert!(Arc::ptr_eq(&one, &same) && one("ab") && !one("a"));
}

#[expect(non_snake_case, reason = "that is what this is about")]
#[memoize]
fn Shouting(n: u64) -> u64 {
    n
}

#[expect(dead_code)]
#[memoize]
fn nobody_calls_this(n: u64) -> u64 {
    n
}

#[expect(clippy::needless_return)]
#[memoize]
fn returning(n: u64) -> u64 {
    return n;
}

#[test]
fn expectations_are_fulfilled() {
    let _scope = testing::isolate();
    miss!(Shouting(1) => 1);
    miss!(returning(1) => 1);
}

#[memoize]
extern "C" fn foreign(n: u32) -> u32 {
    n + 1
}

#[test]
fn a_memoized_function_is_a_function() {
    let _scope = testing::isolate();
    let plain: fn(u64) -> u64 = made;
    let foreign_pointer: extern "C" fn(u32) -> u32 = foreign;
    assert_eq!([1, 2, 1].map(plain), [2, 3, 2]);
    assert_eq!((foreign_pointer(1), foreign_pointer(1)), (2, 2));
    assert_eq!((made::cache_info().hits, foreign::cache_info().hits), (1, 1));
}
