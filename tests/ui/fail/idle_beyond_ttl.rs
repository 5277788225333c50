use cached_core::memoize;

#[memoize(ttl = 1m, idle = 61s)]
fn never_idle(n: u64) -> u64 {
    n
}

fn main() {
    never_idle(1);
}
