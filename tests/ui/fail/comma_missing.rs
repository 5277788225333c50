//! Options are separated by commas.
use cached_core::memoize;

#[memoize(max = 10 ttl = 60s)]
fn one(n: u64) -> u64 {
    n
}

fn main() {
    one(1);
    one::clear();
}
