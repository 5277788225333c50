use cached_core::memoize;

#[memoize(scope = treads)]
fn double(n: u64) -> u64 {
    n * 2
}

#[memoize(scope = "thread")]
fn triple(n: u64) -> u64 {
    n * 3
}

fn main() {
    double(2);
    triple(2);
}
