use cached_core::memoize;

#[memoize(max_batch = 10, window = 1ms)]
fn double(n: u32) -> u32 {
    n * 2
}

fn main() {
    double(1);
}
