//! Types named like those of the prelude.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct String(u8);
#[allow(non_camel_case_types)]
#[derive(Clone, PartialEq, Eq, Hash)]
struct bool(u8);
#[derive(Clone, PartialEq, Eq, Hash)]
struct Vec(u8);

#[memoize]
fn one(text: String, flag: bool) -> Vec {
    let _ = (text, flag);
    Vec(1)
}

fn main() {
    let first = one(String(1), bool(2));
    assert!(one(String(1), bool(2)) == first);
    assert_eq!(one::cache_info().hits, 1);
}
