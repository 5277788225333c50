//! Units are read in numbers that stand alone; what else is no value of an option.

use cached_core::memoize;

const LIFE: f64 = 1.5;

#[memoize(ttl = 1h + 30m)]
fn sum(id: u32) -> u32 {
    id
}

#[memoize(max_weight = 64MiB * 2, weigher = |_, _| 1)]
fn product(id: u32) -> u32 {
    id
}

#[memoize(ttl = |_, _| 60s)]
fn each(id: u32) -> u32 {
    id
}

#[memoize(ttl = LIFE)]
fn float(id: u32) -> u32 {
    id
}

#[memoize(ttl = 5s, jitter = 1s)]
fn jitter(id: u32) -> u32 {
    id
}

#[memoize(max = 3, policy = cached_core::PolicyKind::Lru)]
fn policy(id: u32) -> u32 {
    id
}

#[memoize(companion = u32)]
fn companion(id: u32) -> u32 {
    id
}

fn main() {}
