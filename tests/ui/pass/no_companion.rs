//! No companion.
use cached_core::memoize;

#[memoize(companion = none)]
fn one(n: u8) -> u8 {
    if n == 0 { 0 } else { one(n - 1) }
}

#[allow(non_camel_case_types)]
struct one_more;

fn main() {
    let _ = one_more;
    assert_eq!(one(3), 0);
}
