use cached_core::memoize;

#[memoize(scope = thread, batch)]
fn double(numbers: &[u64]) -> Vec<u64> {
    numbers.iter().map(|n| n * 2).collect()
}

fn main() {
    double(&[2]);
}
