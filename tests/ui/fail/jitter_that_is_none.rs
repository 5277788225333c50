use cached_core::memoize;

#[memoize(ttl = 60s, jitter = 1.5)]
fn too_much(n: u64) -> u64 {
    n
}

#[memoize(ttl = 60s, jitter = -0.1)]
fn negative(n: u64) -> u64 {
    n
}

#[memoize(ttl = 60s, jitter = "10%")]
fn in_words(n: u64) -> u64 {
    n
}

fn main() {
    too_much(1);
    negative(1);
    in_words(1);
}
