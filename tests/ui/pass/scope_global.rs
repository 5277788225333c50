use cached_core::memoize;

#[memoize(scope = global)]
fn double(n: u64) -> u64 {
    n * 2
}

fn main() {
    assert_eq!((double(2), double(2), double::cache_info().hits), (4, 4, 1));
}
