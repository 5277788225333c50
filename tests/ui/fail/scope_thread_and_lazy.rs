use cached_core::memoize;

#[memoize(scope = thread, lazy)]
fn double(n: u64) -> u64 {
    n * 2
}

fn main() {
    double(2).force();
}
