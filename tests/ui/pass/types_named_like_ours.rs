//! Types named like those that expansions use.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Memo(u8);
#[derive(Clone, PartialEq, Eq, Hash)]
struct Spec(u8);

#[memoize]
fn one(memo: Memo, option: Spec) -> u8 {
    memo.0 + option.0
}

/// No `Debug` is asked of what is called like a type that has it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Vec<T>(T);
#[derive(Clone, PartialEq, Eq, Hash)]
struct String(u8);

#[memoize]
fn two(list: Vec<u8>, text: String) -> u8 {
    list.0 + text.0
}

/// What tells the calls apart is worked out, and what is kept is called like that.
#[derive(Clone)]
struct Key(u8);

#[memoize(key = id % 10)]
fn three(id: u8) -> Key {
    Key(id)
}

fn main() {
    assert_eq!(three(1).0, 1);
    assert_eq!(three(11).0, 1);
    assert_eq!(two(Vec(1), String(2)), 3);
    assert_eq!(two(Vec(1), String(2)), 3);
    assert_eq!(two::cache_info().hits, 1);
    let first = one(Memo(1), Spec(2));
    assert!(one(Memo(1), Spec(2)) == first);
    assert_eq!(one::cache_info().hits, 1);
}
