//! Lifetimes, named and bound.
use cached_core::memoize;

#[memoize]
fn one<'a, 'b: 'a>(a: &'a str, b: &'b str) -> usize
where
    'a: 'a,
{
    a.len() + b.len()
}

fn main() {
    let first = one("a", "b");
    assert!(one("a", "b") == first);
    assert_eq!(one::cache_info().hits, 1);
}
