//! A path that leads nowhere is told of once beside a static, too.
use cached_core::memoize;

#[memoize(lazy, crate = nowhere)]
static ANSWER: u32 = 42;

fn main() {}
