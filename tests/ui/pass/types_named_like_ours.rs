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

fn main() {
    let first = one(Memo(1), Spec(2));
    assert!(one(Memo(1), Spec(2)) == first);
    assert_eq!(one::cache_info().hits, 1);
}
