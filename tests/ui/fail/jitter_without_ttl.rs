use cached_core::memoize;

#[memoize(idle = 60s, jitter = 0.1)]
fn alone(n: u64) -> u64 {
    n
}

fn main() {
    alone(1);
}
