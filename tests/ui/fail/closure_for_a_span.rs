use cached_core::memoize;

#[memoize(idle = |key, value| value)]
fn idle(n: u64) -> u64 {
    n
}

#[memoize(ttl = |value| value)]
fn ttl(n: u64) -> u64 {
    n
}

fn main() {
    idle(1);
    ttl(1);
}
